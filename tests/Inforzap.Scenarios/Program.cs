using Inforzap.Scenarios;

// The tests, or one act of a scenario in a process of its own, which may die on purpose.
return args is ["act", ..] ? await Act.RunAsync(args[1..]) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
