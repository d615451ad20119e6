using System.Globalization;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Inforzap.Identity.FirstStart;

/// <summary>
/// Once the host listens: says where it is, and, while nobody can administer, either makes the administrator that
/// INFORZAP_ADMIN_EMAIL and INFORZAP_ADMIN_PASSWORD name or prints the set-up address with its token. There is no server
/// where the product runs without screens.
/// </summary>
internal sealed class FirstStart(SystemMediator system, SetUpToken token, FirstThings first, IConfiguration configuration, IServer? server = null) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var address = ListenAddress.Of(server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault());
        if (await system.Send(new IsSetUp(), cancellationToken))
        {
            Console.WriteLine($"Inforzap: {address}");
            return;
        }
        var (email, password) = (configuration["INFORZAP_ADMIN_EMAIL"], configuration["INFORZAP_ADMIN_PASSWORD"]);
        if (string.IsNullOrWhiteSpace(email) || string.IsNullOrWhiteSpace(password))
        {
            // To the console and not to the log: it is a secret, and a log is kept.
            Console.WriteLine($"Inforzap: {address}/setup?token={token.Text}");
            return;
        }
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(Setting.Language.Default);
        try
        {
            var admin = await system.Send(new SetUpCompany("Inforzap", Setting.TimeZone.Default, "", "Administrador", email, password, Setting.Language.Default), cancellationToken);
            await first.MakeAsync(admin.Id, cancellationToken);
        }
        catch (Refusal refusal)
        {
            throw new InvalidOperationException($"INFORZAP_ADMIN_EMAIL and INFORZAP_ADMIN_PASSWORD make no administrator: {refusal.Message}");
        }
        Console.WriteLine($"Inforzap: {address}");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>An address that a person on this machine can open.</summary>
internal static class ListenAddress
{
    public static string Of(string? address)
    {
        if (!Uri.TryCreate((address ?? "http://localhost:5080").Replace("//*", "//localhost").Replace("//+", "//localhost"), UriKind.Absolute, out var url)) return "http://localhost:5080";
        var host = url.Host is "0.0.0.0" or "[::]" ? "localhost" : url.Host;
        return $"{url.Scheme}://{host}:{url.Port}";
    }
}
