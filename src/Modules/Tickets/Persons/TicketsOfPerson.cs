using System.Globalization;
using Inforzap.Audit;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Lanes;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Desk;
using Microsoft.Extensions.Localization;

namespace Inforzap.Tickets.Persons;

/// <summary>
/// What was said with somebody: messages and notes with their files, what was found out on the way, and what they were asked. Of an
/// erased conversation stay its times, directions, kinds and states, so that figures are as they were.
/// </summary>
internal sealed class TicketsOfPerson(InforzapDb db, Tombstones tombstones, IChannelDirectory channels, TimeProvider clock, IStringLocalizer<Texts> t) : IPersonData
{
    private const int Most = 500;

    public int Order => 20;

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private IQueryable<Ticket> Of(PersonKeys person) => db.Tickets.Where(x => person.Ids.Contains(x.ContactId));

    /// <summary>Those in which something is left. A group is nobody's alone.</summary>
    private IQueryable<Ticket> Left(PersonKeys person) => Of(person).Where(x => x.ErasedTo < x.LastSeq || x.AddressValue != "" || x.Status != TicketStatus.Closed);

    public async Task<PersonCounts> CountAsync(PersonKeys person, CancellationToken ct)
    {
        var tickets = Of(person).Select(x => x.Id);
        return new(await Of(person).CountAsync(ct), await Of(person).CountAsync(x => x.Status != TicketStatus.Closed, ct),
            await db.Messages.CountAsync(m => tickets.Contains(m.TicketId), ct), await db.Media.CountAsync(m => tickets.Contains(m.TicketId) && m.FileId != null, ct));
    }

    public async Task<PersonCounts> LeftAsync(PersonKeys person, CancellationToken ct) => new(Tickets: await Left(person).CountAsync(ct));

    public async Task<IReadOnlyList<Address>> AddressesAsync(IReadOnlyList<Guid> contacts, CancellationToken ct) =>
        [.. (await db.Tickets.Where(x => contacts.Contains(x.ContactId) && x.AddressValue != "").Select(x => new { x.AddressKind, x.AddressValue }).Distinct().ToListAsync(ct)).Select(a => new Address(a.AddressValue, a.AddressKind))];

    /// <summary>What waits to leave never leaves, and what is open is closed. Nobody is told anything.</summary>
    public async Task StopAsync(PersonKeys person, CancellationToken ct)
    {
        var open = await Of(person).Where(x => x.Status != TicketStatus.Closed).OrderBy(x => x.Id).Select(x => x.Id).ToArrayAsync(ct);
        foreach (var ticket in (await db.HoldTicketsAsync(open, ct)).Values) await CloseAsync(ticket, ct);
        var tickets = Of(person).Select(x => x.Id);
        var now = Now;
        await db.Claim<Message>(m => tickets.Contains(m.TicketId) && m.State == MessageState.Queued && m.DeletedAt == null, set => set.SetProperty(m => m.DeletedAt, now), ct);
    }

    private async Task CloseAsync(Ticket ticket, CancellationToken ct)
    {
        if (!ticket.IsActive) return;
        var (queue, user) = (ticket.QueueId, ticket.UserId);
        ticket.Close(null, null, null, Now);
        db.Add(Timeline.Entry(ticket.Id, "closed", null, Now));
        await db.UpdateCycleAsync(ticket, ct);
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        db.Touch(Topics.Queue(queue));
        if (user is { } whose) db.Touch(Topics.TicketsOf(whose));
    }

    public async Task<ErasedPiece> EraseAsync(PersonKeys person, string? cursor, CancellationToken ct)
    {
        if (await Left(person).OrderBy(x => x.Number).Select(x => (Guid?)x.Id).FirstOrDefaultAsync(ct) is not { } id)
        {
            await db.Set<AnswerState>().Where(s => person.Ids.Contains(s.ContactId)).ExecuteDeleteAsync(ct);
            return new(null);
        }
        var ticket = await db.HoldTicketAsync(id, ct);
        await CloseAsync(ticket, ct);
        var begin = ticket.ErasedTo;
        var some = await db.Messages.AsNoTracking().Where(m => m.TicketId == id && m.Seq > begin).OrderBy(m => m.Seq).Take(Most)
            .Select(m => new Piece(m.Id, m.Seq, m.ChannelId, m.ProviderId, m.MediaId, m.State, m.AttemptDeadline, m.IsNote)).ToListAsync(ct);
        // Whoever sends it now will write down what became of it.
        var due = some.TakeWhile(m => !(m.State == MessageState.Sending && m.AttemptDeadline > Now)).ToList();
        var files = await ForgetAsync(ticket, due, ct);
        ticket.ErasedTo = due.Count > 0 ? due[^1].Seq : begin;
        var waits = due.Count < some.Count ? some[due.Count].AttemptDeadline : null;
        var isWhole = waits is null && some.Count < Most;
        if (isWhole) files.AddRange(await EndAsync(ticket, ct));
        await db.SaveChangesAsync(ct);
        db.TouchTicket(ticket);
        return new(ticket.Number.ToString(CultureInfo.InvariantCulture)) { Counts = new(isWhole ? 1 : 0, 0, due.Count), Files = files, WaitsUntil = waits };
    }

    private sealed record Piece(Guid Id, long Seq, Guid ChannelId, string? ProviderId, Guid? MediaId, MessageState State, DateTime? AttemptDeadline, bool IsNote);

    private async Task<List<Guid>> ForgetAsync(Ticket ticket, List<Piece> due, CancellationToken ct)
    {
        if (due.Count == 0) return [];
        var (id, from, to, now) = (ticket.Id, due[0].Seq, due[^1].Seq, Now);
        var ids = due.ConvertAll(m => m.Id).ToArray();
        var attempts = await db.Attempts.Where(a => ids.Contains(a.MessageId) && a.ProviderId != null).Select(a => a.ProviderId!).ToListAsync(ct);
        await tombstones.BuryAsync(db, due.Select(m => m.ProviderId).OfType<string>().Concat(attempts).Select(name => Tombstones.NameOf(ticket.ChannelId, name)), ct);
        await db.Attempts.Where(a => ids.Contains(a.MessageId)).ExecuteUpdateAsync(set => set.SetProperty(a => a.ProviderId, (string?)null).SetProperty(a => a.Reason, (string?)null), ct);
        await db.Claim<Message>(m => m.TicketId == id && m.Seq >= from && m.Seq <= to && m.State == MessageState.Queued, set => set.SetProperty(m => m.State, MessageState.Failed), ct);
        await db.Claim<Message>(m => m.TicketId == id && m.Seq >= from && m.Seq <= to && m.State == MessageState.Sending, set => set.SetProperty(m => m.State, MessageState.Unknown), ct);
        var change = ticket.NextChange();
        await db.Claim<Message>(m => m.TicketId == id && m.Seq >= from && m.Seq <= to, set => set
            .SetProperty(m => m.ProviderId, (string?)null).SetProperty(m => m.Author, (string?)null).SetProperty(m => m.Body, (string?)null).SetProperty(m => m.PreviousBody, (string?)null)
            .SetProperty(m => m.Extra, (string?)null).SetProperty(m => m.SearchText, "").SetProperty(m => m.Reaction, (string?)null).SetProperty(m => m.OurReaction, (string?)null)
            .SetProperty(m => m.Act, (Contracts.Tickets.MessageAct?)null).SetProperty(m => m.ActId, (Guid?)null).SetProperty(m => m.ActReason, (string?)null)
            .SetProperty(m => m.FailReason, (string?)null).SetProperty(m => m.FailCode, (string?)null).SetProperty(m => m.AttemptId, (Guid?)null).SetProperty(m => m.AttemptDeadline, (DateTime?)null)
            .SetProperty(m => m.PinnedAt, (DateTime?)null).SetProperty(m => m.ForgottenAt, now).SetProperty(m => m.Change, change), ct);
        await db.ForgetAuditAsync("note", due.Where(m => m.IsNote).Select(m => m.Id), $"#{ticket.Number}", ct);
        return await FilesAsync([.. due.Select(m => m.MediaId).OfType<Guid>()], ct);
    }

    private async Task<List<Guid>> FilesAsync(Guid[] ids, CancellationToken ct)
    {
        var media = ids.Length == 0 ? [] : await db.Media.Where(m => ids.Contains(m.Id)).ToListAsync(ct);
        var files = media.Select(m => m.FileId).OfType<Guid>().Distinct().ToList();
        foreach (var m in media)
        {
            m.Forget();
            m.MimeType = null;
        }
        return files;
    }

    /// <summary>What hangs on the ticket itself, once nothing of its messages is left.</summary>
    private async Task<List<Guid>> EndAsync(Ticket ticket, CancellationToken ct)
    {
        var id = ticket.Id;
        ticket.Erase();
        await db.Drafts.Where(d => d.TicketId == id).ExecuteDeleteAsync(ct);
        await db.Timeline.Where(e => e.TicketId == id && e.Data != null).ExecuteUpdateAsync(set => set.SetProperty(e => e.Data, (string?)null), ct);
        await db.Mentions.Where(m => m.TicketId == id).ExecuteDeleteAsync(ct);
        await db.MenuStates.Where(s => s.TicketId == id).ExecuteDeleteAsync(ct);
        foreach (var protocol in await db.Protocols.Where(p => p.TicketId == id).Select(p => new { p.Id, p.Number }).ToListAsync(ct)) await db.ForgetAuditAsync("protocol", [protocol.Id], protocol.Number, ct);
        await db.Claim<Protocol>(p => p.TicketId == id, set => set.SetProperty(p => p.Subject, (string?)null).SetProperty(p => p.Description, (string?)null), ct);
        await db.Claim<SurveyRequest>(r => r.TicketId == id && r.State == SurveyState.AskedWhy, set => set.SetProperty(r => r.State, SurveyState.Answered), ct);
        await db.Claim<SurveyRequest>(r => r.TicketId == id && r.State == SurveyState.Sent, set => set.SetProperty(r => r.State, SurveyState.Cancelled), ct);
        await db.Claim<SurveyRequest>(r => r.TicketId == id && r.Comment != null, set => set.SetProperty(r => r.Comment, (string?)null), ct);
        await db.Claim<Past.HistorySync>(h => h.TicketId == id && h.Reason != null, set => set.SetProperty(h => h.Reason, (string?)null), ct);
        // Uploads that no message came to use.
        return await FilesAsync(await db.Media.Where(m => m.TicketId == id && (m.FileId != null || m.FileName != "" || m.SourceUrl != null || m.SourceReference != null)).Select(m => m.Id).ToArrayAsync(ct), ct);
    }

    public async Task ExportAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct)
    {
        await TicketsAsync(person, archive, ct);
        await MessagesAsync(person, archive, ct);
        await archive.ListAsync("protocolos", t["Protocols"]);
        await foreach (var p in db.Protocols.AsNoTracking().Where(p => person.Ids.Contains(p.ContactId)).OrderBy(p => p.CreatedAt).AsAsyncEnumerable().WithCancellation(ct))
            await archive.RowAsync([new("numero", t["FactNumber"], p.Number), Facts.At("criado_em", t["FactCreated"], p.CreatedAt), new("assunto", t["FactSubject"], p.Subject), new("descricao", t["FactText"], p.Description)]);
        await archive.ListAsync("avaliacoes", t["Surveys"]);
        await foreach (var r in db.SurveyRequests.AsNoTracking().Where(r => person.Ids.Contains(r.ContactId)).OrderBy(r => r.SentAt).AsAsyncEnumerable().WithCancellation(ct))
            await archive.RowAsync([Facts.At("perguntada_em", t["FactAsked"], r.SentAt), Facts.At("respondida_em", t["FactAnswered"], r.AnsweredAt), Facts.Of("nota", t["FactScore"], r.Score), new("comentario", t["FactComment"], r.Comment)]);
    }

    private async Task TicketsAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct)
    {
        await archive.ListAsync("atendimentos", t["FactTickets"]);
        var tickets = from x in Of(person).AsNoTracking()
                      join q in db.Queues on x.QueueId equals q.Id into qs
                      from q in qs.DefaultIfEmpty()
                      orderby x.Number
                      select new { x.Number, x.ChannelId, x.AddressKind, x.AddressValue, x.Status, x.CreatedAt, x.ClosedAt, x.ClosingNote, Queue = (string?)q.Name };
        await foreach (var x in tickets.AsAsyncEnumerable().WithCancellation(ct))
            await archive.RowAsync([Facts.Of("numero", t["FactNumber"], x.Number), new("canal", t["FactChannel"], channels.Find(x.ChannelId)?.Name), new("endereco", t["FactAddress"], x.AddressValue), new("fila", t["FactQueue"], x.Queue),
                new("situacao", t["FactState"], x.Status.ToString()), Facts.At("aberto_em", t["FactCreated"], x.CreatedAt), Facts.At("fechado_em", t["FactClosed"], x.ClosedAt), new("observacao", t["FactText"], x.ClosingNote)]);
    }

    /// <summary>A ticket after the other, in its order: one list of all would be sorted by the database first.</summary>
    private async Task MessagesAsync(PersonKeys person, IPersonArchive archive, CancellationToken ct)
    {
        await archive.ListAsync("mensagens", t["FactMessages"]);
        var names = await db.Set<UserView>().Select(u => new { u.Id, u.Name }).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        foreach (var ticket in await Of(person).OrderBy(x => x.Number).Select(x => new { x.Id, x.Number }).ToListAsync(ct))
        {
            var messages = from m in db.Messages.AsNoTracking()
                           where m.TicketId == ticket.Id
                           join f in db.Media on m.MediaId equals (Guid?)f.Id into fs
                           from f in fs.DefaultIfEmpty()
                           orderby m.Place
                           select new { m.Seq, m.FromUs, m.SenderUserId, m.IsNote, m.Kind, m.Body, m.PreviousBody, m.Extra, m.Author, m.State, m.Reaction, m.CreatedAt, m.EditedAt, m.DeletedAt, FileId = (Guid?)f.FileId, FileName = (string?)f.FileName, MimeType = (string?)f.MimeType };
            await foreach (var m in messages.AsAsyncEnumerable().WithCancellation(ct))
                await archive.RowAsync([
                    Facts.Of("atendimento", t["FactTicket"], ticket.Number), Facts.Of("ordem", t["FactOrder"], m.Seq), Facts.At("em", t["FactAt"], m.CreatedAt), new("de", t["FactFrom"], m.IsNote ? t["FactNote"] : m.FromUs ? t["FactUs"] : t["FactThem"]),
                    new("autor", t["FactAuthor"], m.SenderUserId is { } user ? names.GetValueOrDefault(user) : m.Author), new("tipo", t["FactKind"], m.Kind.ToString()), new("texto", t["FactText"], m.Body), new("texto_anterior", t["FactBefore"], m.PreviousBody),
                    new("conteudo", t["FactContent"], m.Extra), new("reacao", t["FactReaction"], m.Reaction), new("situacao", t["FactState"], m.State.ToString()), Facts.At("editada_em", t["FactEdited"], m.EditedAt), Facts.At("apagada_em", t["FactDeleted"], m.DeletedAt),
                    new("arquivo", t["FactFile"], m.FileId is { } file ? archive.File(file, m.FileName ?? "", m.MimeType) : null) { IsFile = true }, new("nome_do_arquivo", t["FactFileName"], m.FileName)]);
        }
    }
}
