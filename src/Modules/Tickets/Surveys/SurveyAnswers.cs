using Inforzap.Data;
using Inforzap.Live;
using Inforzap.Sdk;
using Inforzap.Tickets.Outbound;

namespace Inforzap.Tickets.Surveys;

/// <summary>
/// Takes what customers answer to surveys, for a set of messages that come in. Whether a conversation waits for an answer stands on
/// the ticket that leads it, which is read and held anyway: where nobody was asked, nothing is asked of the database.
/// </summary>
internal sealed class SurveyAnswers(InforzapDb db, HouseVoice voice)
{
    /// <summary>So often a customer is told that it was no score; then it is an ordinary message.</summary>
    internal const int MostWrongs = 2;

    /// <summary>Clocks differ, and some count whole seconds only.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(Guid Channel, Guid Contact), Asked> asked = [];
    private readonly HashSet<Guid> taken = [];

    private sealed record Asked(SurveyRequest Request, Survey Survey)
    {
        /// <summary>Where the customer is answered; null while there is nothing to say.</summary>
        public Ticket? Answer { get; set; }
    }

    /// <summary>Finds what these conversations wait for, of which the leading ticket is held.</summary>
    public async Task LoadAsync(IReadOnlyCollection<Ticket> leading, DateTime now, CancellationToken ct)
    {
        var waiting = leading.Where(t => t.SurveyUntil > now).ToList();
        if (waiting.Count == 0) return;
        var (channels, contacts) = (waiting.Select(t => t.ChannelId).Distinct().ToArray(), waiting.Select(t => t.ContactId).Distinct().ToArray());
        var open = await db.SurveyRequests.AsNoTracking().Where(r => (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy) && channels.Contains(r.ChannelId) && contacts.Contains(r.ContactId))
            // Who was never asked, since the question could not be sent, answers nothing.
            .Where(r => !db.Set<Message>().Any(m => m.Id == r.Id && m.State == MessageState.Failed)).Select(r => new { r.Id, r.ChannelId, r.ContactId }).ToListAsync(ct);
        var keys = waiting.Select(t => (t.ChannelId, t.ContactId)).ToHashSet();
        // Only those whose ticket is held.
        var ids = open.Where(r => keys.Contains((r.ChannelId, r.ContactId))).Select(r => r.Id).ToArray();
        if (ids.Length == 0) return;
        await db.Hold<SurveyRequest>(r => ids.Contains(r.Id), ct);
        var found = await (from r in db.SurveyRequests
                           where ids.Contains(r.Id) && (r.State == SurveyState.Sent || r.State == SurveyState.AskedWhy)
                           join s in db.Set<Survey>() on r.SurveyId equals s.Id
                           select new { r, s }).ToListAsync(ct);
        foreach (var x in found) asked[(x.r.ChannelId, x.r.ContactId)] = new(x.r, x.s);
    }

    /// <summary>
    /// Whether a message is an answer: then it opens no ticket, and belongs in <paramref name="closed"/> unless one is active.
    /// </summary>
    /// <param name="inbound">What the customer wrote.</param>
    /// <param name="key">The conversation.</param>
    /// <param name="active">The ticket that is active now.</param>
    /// <param name="closed">The newest one, where none is.</param>
    public bool Takes(InboundMessage inbound, (Guid Channel, Guid Contact) key, Ticket? active, Ticket? closed, DateTime now)
    {
        if (inbound is { Echo: true } or { Notice: true } or { Participant: not null } || (active ?? closed) is not { } ticket) return false;
        if (asked.TryGetValue(key, out var it) && it.Request.IsOpen && it.Request.ExpiresAt > now && IsAnswer(it, inbound, ticket, now)) return true;
        // A button of a survey that is over says nothing any more, and calls nobody.
        return active is null && SurveyScore.IsButton(inbound.Content);
    }

    /// <summary>This message was taken: nobody answers it otherwise.</summary>
    public void Note(Message message) => taken.Add(message.Id);

    /// <inheritdoc cref="Note"/>
    public bool Took(Message message) => taken.Contains(message.Id);

    /// <summary>Says to each customer, once and after all they wrote, what their answers came to.</summary>
    public async Task SayAsync(CancellationToken ct)
    {
        foreach (var it in asked.Values)
        {
            if (it.Answer is not { } ticket) continue;
            var text = it.Request.State switch
            {
                SurveyState.Answered => it.Survey.ThanksText,
                SurveyState.AskedWhy => it.Survey.ReasonText,
                SurveyState.Sent => it.Survey.InvalidText,
                _ => null,
            };
            if (text is not null) await voice.SayAsync(ticket, text, ct);
        }
    }

    private bool IsAnswer(Asked it, InboundMessage inbound, Ticket ticket, DateTime now)
    {
        var request = it.Request;
        var text = inbound.Content is TextContent { Body: { } body } ? body.Trim() : null;
        if (text is ['!', ..])
        {
            End(it, ticket);
            return false;
        }
        // Written before they were asked: it answers something else.
        var pressed = inbound.Content is ChoiceContent;
        if (!pressed && inbound.At + Grace < request.SentAt)
        {
            request.IsPassed = true;
            return false;
        }
        var given = inbound.Content is ChoiceContent choice ? SurveyScore.Pressed(choice, request.Scale, request.Id) : text is null ? null : SurveyScore.In(text, request.Scale);
        if (ticket.IsActive)
        {
            // In a conversation that goes on, only the first word can be a score, or the survey's own button; whoever serves sees it as any other.
            if (given is { IsExact: true } && request.State == SurveyState.Sent && (pressed || !request.IsPassed)) Rate(it, given.Score, ticket, now, asksWhy: false);
            else if (!SurveyScore.IsButton(inbound.Content)) request.IsPassed = true;
            return false;
        }
        // Pressed twice, or a button of an earlier one.
        if (given is null && SurveyScore.IsButton(inbound.Content)) return true;
        // They talked of something else meanwhile: no word but a score is meant for it any more.
        if (request.IsPassed && !pressed && (given is null || request.State == SurveyState.AskedWhy)) return false;
        return request.State == SurveyState.AskedWhy ? Explains(it, inbound, text, ticket) : given is not null ? Rate(it, given.Score, ticket, now, asksWhy: true) : Misses(it, inbound, text, ticket, now);
    }

    private bool Rate(Asked it, int score, Ticket ticket, DateTime now, bool asksWhy)
    {
        var (request, survey) = (it.Request, it.Survey);
        var why = asksWhy && survey.ReasonText is not null && score <= survey.ReasonAt && request.Comment is null;
        request.Rate(score, now, why ? now.AddMinutes(survey.ExpiresMinutes) : null);
        ticket.AwaitSurvey(why ? request.ExpiresAt : null);
        it.Answer = ticket;
        db.Add(Timeline.Entry(request.TicketId, "survey_answered", null, now));
        Touch(request);
        return true;
    }

    private bool Explains(Asked it, InboundMessage inbound, string? text, Ticket ticket)
    {
        // Pressed a second time: the first counts, and it is no reason.
        if (SurveyScore.IsButton(inbound.Content)) return true;
        if (CleanText.IsBlank(text)) return false;
        it.Request.Explain(CleanText.Of(text, SurveyRequest.MaxComment));
        ticket.AwaitSurvey(null);
        it.Answer = ticket;
        Touch(it.Request);
        return true;
    }

    private bool Misses(Asked it, InboundMessage inbound, string? text, Ticket ticket, DateTime now)
    {
        var request = it.Request;
        // What no score is looked for in: files, places, cards.
        if (CleanText.IsBlank(text) || it.Survey.IsVoluntary)
        {
            request.IsPassed = true;
            return false;
        }
        if (request.Wrongs >= MostWrongs)
        {
            End(it, ticket);
            return false;
        }
        request.Miss(CleanText.Of(text, SurveyRequest.MaxComment), now);
        it.Answer = ticket;
        Touch(request);
        return true;
    }

    private void End(Asked it, Ticket ticket)
    {
        it.Request.End(isOverdue: false);
        ticket.AwaitSurvey(null);
        it.Answer = null;
        Touch(it.Request);
    }

    private void Touch(SurveyRequest request) => db.Touch(Topics.Ratings, Topics.Ticket(request.TicketId));
}
