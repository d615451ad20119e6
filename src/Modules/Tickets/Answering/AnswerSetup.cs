using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Opening;
using Inforzap.Variables;

namespace Inforzap.Tickets.Answering;

/// <summary>Puts what answers by itself into the container.</summary>
internal static class AnswerSetup
{
    public static void AddAnswers(this IServiceCollection services)
    {
        services.AddSingleton<LiveHours>();
        services.AddHostedService(sp => sp.GetRequiredService<LiveHours>());
        services.AddSingleton<IAnswerSwitch>(sp => sp.GetRequiredService<LiveHours>());
        services.AddSingleton<LiveMenus>();
        services.AddHostedService(sp => sp.GetRequiredService<LiveMenus>());
        services.AddSingleton<IAnswerSwitch>(sp => sp.GetRequiredService<LiveMenus>());
        services.AddScoped<ServiceClock>();
        services.AddScoped<AnswerVoice>();
        services.AddScoped<AnswerTexts>();
        services.AddScoped<QueuePlace>();
        services.AddScoped<OutOfHours>();
        services.AddScoped<AskMenu>();
        services.AddScoped<IAnswerStep>(sp => sp.GetRequiredService<OutOfHours>());
        services.AddScoped<IAnswerStep>(sp => sp.GetRequiredService<AskMenu>());
        services.AddScoped<IVariableUse, AnswerTextVariables>();
        services.LaneHandler<AnswerInbound>();
        services.Every<MenuJob>(TimeSpan.FromSeconds(30));
    }
}
