using Bunit;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Settings;
using Inforzap.Requests;
using Inforzap.Settings.Mail;
using Inforzap.Tests.Support;
using Microsoft.AspNetCore.Components;

namespace Inforzap.Tests.Settings;

public sealed class MailPageTests : ComponentTest
{
    private MailView view = new("smtp.example", 587, MailSecurity.StartTls, "avisos", true, "Padaria", "avisos@aurora.example", null, true, 4);

    private IRenderedComponent<MailPage> Page()
    {
        Mediator.On<ReadMail, MailView>(_ => view);
        Mediator.On<MyProfile, Profile>(_ => new Profile(Guid.NewGuid(), "Eu", "eu@aurora.example", null, true, true, true, "light", "pt-BR", 1));
        RenderProviders();
        IActor me = SignIn("Eu", "settings.edit");
        return Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<MailPage>()).FindComponent<MailPage>();
    }

    [Fact(DisplayName = "A refusal is shown in its words")]
    public void Refused()
    {
        Mediator.On<ReadMail, MailView>(_ => throw Refusal.Forbidden("Você não tem permissão para isso."));
        RenderProviders();
        IActor me = SignIn("Eu");
        Assert.Contains("Você não tem permissão para isso.", Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, me).AddChildContent<MailPage>()).Markup, StringComparison.Ordinal);
    }

    [Fact(DisplayName = "It saves with the version that it read, and an empty password keeps the one before")]
    public void Saves()
    {
        Mediator.On<SaveMail>();
        var page = Page();
        Assert.Equal("", page.Find("[name=Password]").GetAttribute("value") ?? "");
        page.Find("[name=FromName]").Input("Outra");
        page.Find("#mail-form").Submit();
        page.WaitForAssertion(() => Assert.Single(Mediator.SentOf<SaveMail>()));
        var saved = Mediator.SentOf<SaveMail>()[0];
        Assert.Equal(("Outra", "", 4, true), (saved.FromName, saved.Password, saved.Version, saved.IsOn));
    }

    [Theory(DisplayName = "A password that would go in clear brings a warning")]
    [InlineData(MailSecurity.Plain, "avisos", true)]
    [InlineData(MailSecurity.Plain, null, false)]
    [InlineData(MailSecurity.Tls, "avisos", false)]
    public void Clear(MailSecurity security, string? name, bool warns)
    {
        view = view with { Security = security, UserName = name };
        Assert.Equal(warns, Page().Markup.Contains("passam abertos", StringComparison.Ordinal));
    }

    [Fact(DisplayName = "The usual port follows the kind of encryption; another one stays")]
    public void Ports()
    {
        var page = Page();
        page.Find("[name=Security]").Change("Tls");
        Assert.Equal("465", page.Find("[name=Port]").GetAttribute("value"));
        page.Find("[name=Port]").Input("2525");
        page.Find("[name=Security]").Change("Plain");
        Assert.Equal("2525", page.Find("[name=Port]").GetAttribute("value"));
    }

    [Theory(DisplayName = "A test goes to me unless I say another, with what is typed, and says how it ended")]
    [InlineData(true)]
    [InlineData(false)]
    public void Tests(bool sent)
    {
        Mediator.On<TestMail, MailTrial>(_ => new(sent, "Assim terminou.", sent ? null : "550 não"));
        var page = Page();
        page.Find("[name=Host]").Input("outro.example");
        page.Find(".mail-test button").Click();
        page.WaitForAssertion(() => Assert.Contains("Assim terminou.", page.Find(sent ? ".notice-good" : ".notice-bad").TextContent, StringComparison.Ordinal));
        Assert.Equal(!sent, page.Markup.Contains("550 não", StringComparison.Ordinal));
        var trial = Assert.Single(Mediator.SentOf<TestMail>());
        Assert.Equal(("outro.example", "eu@aurora.example"), (trial.Host, trial.To));
    }

    [Fact(DisplayName = "A wrong field says why beside it")]
    public void Wrong()
    {
        Mediator.On<SaveMail>(_ => throw new Refusal("x") { Fields = new Dictionary<string, string> { ["Password"] = "Digite a senha de novo." } });
        var page = Page();
        page.Find("[name=Host]").Input("outro.example");
        page.Find("#mail-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("Digite a senha de novo.", page.Find(".field-error").TextContent));
    }

    [Fact(DisplayName = "Without a public address it says what is not offered")]
    public void NoUrl()
    {
        Assert.Contains("endereço público", Page().Find(".notice-wait").TextContent, StringComparison.Ordinal);
        Settings.Set(Setting.PublicUrl, "https://desk.example");
        Assert.Empty(Render<CascadingValue<IActor>>(p => p.Add(c => c.Value, SignIn("Eu", "settings.edit")).AddChildContent<MailPage>()).FindAll(".notice-wait"));
    }
}
