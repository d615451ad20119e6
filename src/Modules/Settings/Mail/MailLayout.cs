using System.Text;
using System.Text.Encodings.Web;
using Inforzap.Contracts.Settings;
using Microsoft.Extensions.Localization;
using MimeKit;
using MimeKit.Utils;

namespace Inforzap.Settings.Mail;

/// <summary>How the product's mails look: the company over a card, with a button and small print. Each has a text beside it for readers that show none of that.</summary>
internal sealed class MailLayout(ISettings settings, IStringLocalizer<Texts> t)
{
    private const string Font = "font-family:Inter,Segoe UI,Helvetica,Arial,sans-serif";

    /// <summary>The name of a new mail, without the brackets. It is the same however often it is sent.</summary>
    public static string NewId(string fromAddress) => $"{Guid.NewGuid():N}@{(fromAddress.LastIndexOf('@') is >= 0 and var at && fromAddress[(at + 1)..].All(char.IsAscii) ? fromAddress[(at + 1)..] : "inforzap.invalid")}";

    /// <summary>The mail, ready to be sent.</summary>
    public MimeMessage Compose(MailAccount account, string id, MailMessage mail)
    {
        var message = new MimeMessage { Subject = mail.Subject, MessageId = id };
        message.From.Add(new MailboxAddress(Encoding.UTF8, account.FromName, account.FromAddress));
        message.To.Add(new MailboxAddress(Encoding.UTF8, "", mail.To));
        if (account.ReplyTo is not null) message.ReplyTo.Add(new MailboxAddress(Encoding.UTF8, "", account.ReplyTo));
        // No machine shall answer it.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        var footer = Languages.In(mail.Language, () => t["MailFooter", Company].Value);
        message.Body = new BodyBuilder { TextBody = Text(mail, footer), HtmlBody = Html(mail, footer) }.ToMessageBody();
        message.Prepare(EncodingConstraint.SevenBit);
        return message;
    }

    private string Company => settings.Get(Setting.CompanyName) is { Length: > 0 } name ? name : "Inforzap";

    private string Text(MailMessage mail, string footer)
    {
        var text = new StringBuilder().AppendLine(Company).AppendLine().AppendLine(mail.Subject).AppendLine();
        foreach (var paragraph in mail.Paragraphs) text.AppendLine(paragraph).AppendLine();
        if (mail.Url is not null) text.AppendLine(mail.Button + ":").AppendLine(mail.Url).AppendLine();
        if (mail.Small is not null) text.AppendLine(mail.Small).AppendLine();
        return text.AppendLine("-- ").AppendLine(footer).ToString();
    }

    private string Html(MailMessage mail, string footer)
    {
        var paragraphs = string.Concat(mail.Paragraphs.Select(p => $"<p style=\"margin:0 0 16px;{Font};font-size:15px;line-height:1.55;color:#1d2b33\">{Lines(p)}</p>"));
        var button = mail.Url is null ? "" : $"""
            <table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 24px"><tr><td style="border-radius:8px;background:#0b7a75"><a href="{Safe(mail.Url)}" style="display:inline-block;padding:12px 22px;{Font};font-size:15px;font-weight:600;color:#ffffff;text-decoration:none">{Safe(mail.Button ?? mail.Url)}</a></td></tr></table>
            <p style="margin:0 0 16px;{Font};font-size:13px;line-height:1.5;color:#5b6b75">{Safe(Languages.In(mail.Language, () => t["MailButtonElse"].Value))}<br><a href="{Safe(mail.Url)}" style="color:#0b7a75;word-break:break-all">{Safe(mail.Url)}</a></p>
            """;
        var small = mail.Small is null ? "" : $"<p style=\"margin:0;padding-top:16px;border-top:1px solid #e3e9ec;{Font};font-size:13px;line-height:1.5;color:#5b6b75\">{Lines(mail.Small)}</p>";
        return $"""
            <!DOCTYPE html>
            <html lang="{Safe(mail.Language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Safe(mail.Subject)}</title></head>
            <body style="margin:0;padding:0;background:#f2f5f6">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f5f6"><tr><td align="center" style="padding:32px 16px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
            <tr><td style="padding:0 4px 16px;{Font};font-size:16px;font-weight:650;color:#0b7a75">{Safe(Company)}</td></tr>
            <tr><td style="padding:32px;background:#ffffff;border:1px solid #e3e9ec;border-radius:12px">
            <h1 style="margin:0 0 16px;{Font};font-size:20px;line-height:1.3;font-weight:650;color:#1d2b33">{Safe(mail.Subject)}</h1>
            {paragraphs}{button}{small}
            </td></tr>
            <tr><td style="padding:16px 4px 0;{Font};font-size:12px;line-height:1.5;color:#5b6b75">{Safe(footer)}</td></tr>
            </table></td></tr></table>
            </body></html>
            """;
    }

    private static string Lines(string text) => Safe(text).Replace("&#xA;", "<br>", StringComparison.Ordinal);

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
