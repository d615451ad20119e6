using System.ComponentModel.DataAnnotations;
using Inforzap.Contracts.Channels;
using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Requests;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Costs;

/// <summary>Sets what a charged message of a category costs from a day on, or corrects it. Costs that are shown are counted anew with it.</summary>
/// <param name="Id">Null: another one.</param>
/// <param name="Version">That was seen; null for another one.</param>
[Allow("costs.edit")]
internal sealed record SavePrice(Guid? Id, [property: Form] PriceForm Form, int? Version) : IRequest<Guid>
{
    /// <summary>Categories that are offered before any was heard of.</summary>
    public static readonly IReadOnlyList<string> Usual = ["marketing", "utility", "authentication", "service"];

    /// <summary>A message costs less than this anywhere.</summary>
    public const decimal Most = 1_000_000;
}

/// <summary>Takes a price away; what it was for is counted without, or with the one before.</summary>
[Allow("costs.edit")]
internal sealed record DeletePrice([property: NotEmpty] Guid Id) : IRequest;

/// <summary>What is written of a price.</summary>
/// <param name="ChannelId">Null: for all channels that have no price of their own.</param>
public sealed record PriceForm(
    Guid? ChannelId,
    [property: NotEmpty, StringLength(60), Called("CostCategory")] string Category,
    [property: NotEmpty, StringLength(3), Called("PriceCurrencyHead")] string Currency,
    decimal Amount, DateOnly Since);

internal sealed class SavePriceHandler(InforzapDb db, IChannelDirectory channels, IStringLocalizer<Texts> t) : IRequestHandler<SavePrice, Guid>
{
    public async Task<Guid> Handle(SavePrice request, CancellationToken ct)
    {
        var form = request.Form;
        var (category, currency) = ((form.Category ?? "").Trim().ToLowerInvariant(), (form.Currency ?? "").Trim().ToUpperInvariant());
        if (category.Length is 0 or > MessageCharge.MaxWord || !category.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-')) throw Refusal.At(nameof(form.Category), t["PriceCategory"]);
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)) throw Refusal.At(nameof(form.Currency), t["PriceCurrency"]);
        if (form.Amount is < 0 or >= SavePrice.Most || decimal.Round(form.Amount, 6) != form.Amount) throw Refusal.At(nameof(form.Amount), t["PriceAmount"]);
        if (form.Since.Year is < 2000 or > 2100) throw Refusal.At(nameof(form.Since), t["PriceSince"]);
        var price = request.Id is { } id ? await db.ChargePrices.SingleOrDefaultAsync(p => p.Id == id, ct) ?? throw Refusal.NotFound(t["PriceGone"]) : null;
        // A price of a channel that is gone can still be put right: its messages are counted.
        if (form.ChannelId is { } channel && channel != price?.ChannelId && channels.All.All(c => c.Id != channel)) throw Refusal.NotFound(t["ChannelGone"]);
        if (await db.ChargePrices.AnyAsync(p => p.Id != request.Id && p.Category == category && p.ChannelId == form.ChannelId && p.Since == form.Since, ct)) throw Refusal.At(nameof(form.Since), t["PriceTaken"]);
        if (price is null) db.Add(price = new ChargePrice { Id = Guid.CreateVersion7(), Category = category, Currency = currency });
        else if (price.Version != request.Version) throw Refusal.Conflict(t["PriceChanged"]);
        (price.ChannelId, price.Category, price.Currency, price.Amount, price.Since) = (form.ChannelId, category, currency, form.Amount, form.Since);
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Costs);
        return price.Id;
    }
}

internal sealed class DeletePriceHandler(InforzapDb db, IStringLocalizer<Texts> t) : IRequestHandler<DeletePrice, Unit>
{
    public async Task<Unit> Handle(DeletePrice request, CancellationToken ct)
    {
        db.Remove(await db.ChargePrices.SingleOrDefaultAsync(p => p.Id == request.Id, ct) ?? throw Refusal.NotFound(t["PriceGone"]));
        await db.SaveChangesAsync(ct);
        db.Touch(Topics.Costs);
        return Unit.Value;
    }
}
