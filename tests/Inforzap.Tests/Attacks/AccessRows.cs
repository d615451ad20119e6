using Inforzap.Channels.Manage;
using Inforzap.Channels.Templates;
using Inforzap.Channels.Watch;
using Inforzap.Contacts;
using Inforzap.Contacts.AccountBooks;
using Inforzap.Contacts.Book;
using Inforzap.Contacts.Consents;
using Inforzap.Contacts.Merging;
using Inforzap.Contacts.Privacy;
using Inforzap.Contacts.Tags;
using Inforzap.Contracts.Channels;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Files;
using Inforzap.Identity.Access;
using Inforzap.Identity.Links;
using Inforzap.Identity.Profile;
using Inforzap.Identity.Roles;
using Inforzap.Identity.Teams;
using Inforzap.Identity.TwoFactor;
using Inforzap.Identity.Users;
using Inforzap.Requests;
using Inforzap.Settings.Audit;
using Inforzap.Settings.Variables;
using Inforzap.Tests.Architecture;
using Inforzap.Tests.Support;
using Inforzap.Tickets;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Entry;
using Inforzap.Tickets.Opening;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Inforzap.Tickets.Parked;
using Inforzap.Tickets.Past;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.Queues;
using Inforzap.Tickets.QuickMessages;
using Inforzap.Tickets.Schedules;
using Inforzap.Tickets.Stickers;
using Inforzap.Tickets.Costs;
using Inforzap.Tickets.Surveys;
using Inforzap.Tickets.Templates;

namespace Inforzap.Tests.Attacks;

/// <summary>
/// How each request names things: the rows of the matrix. A request that names something and has no row here fails
/// <see cref="AccessTests.Every_request_that_names_something_has_a_row"/>; what the row is then tried with is not for it to choose.
/// </summary>
internal static class AccessRows
{
    /// <summary>What hangs on a ticket: found by who sees the ticket and by nobody else.</summary>
    public static IReadOnlyDictionary<Type, Func<AttackWorld, Place, object>[]> OfTickets { get; } = new Dictionary<Type, Func<AttackWorld, Place, object>[]>
    {
        [typeof(ReadTicket)] = [(_, p) => new ReadTicket(p.Ticket)],
        [typeof(ReadMessages)] = [(_, p) => new ReadMessages(p.Ticket, 1, 50)],
        [typeof(ReadStretch)] = [(_, p) => new ReadStretch(p.Ticket), (_, p) => new ReadStretch(p.Ticket, Around: 1)],
        [typeof(SyncHistory)] = [(_, p) => new SyncHistory(p.Ticket, 10)],
        [typeof(StopHistory)] = [(_, p) => new StopHistory(p.Ticket)],
        [typeof(ReadChanges)] = [(_, p) => new ReadChanges(p.Ticket, 0)],
        [typeof(ReadTimeline)] = [(_, p) => new ReadTimeline(p.Ticket)],
        [typeof(FindInTicket)] = [(_, p) => new FindInTicket(p.Ticket, p.Word)],
        [typeof(ReadViewers)] = [(w, p) => new ReadViewers(p.Ticket, [w.People["agent"].Id])],
        [typeof(ListGallery)] = [(_, p) => new ListGallery(p.Ticket, GalleryKind.Files)],
        [typeof(SeeTicket)] = [(_, p) => new SeeTicket(p.Ticket)],
        [typeof(PeekTicket)] = [(_, p) => new PeekTicket(p.Ticket)],
        [typeof(TakeOverTicket)] = [(_, p) => new TakeOverTicket(p.Ticket)],
        [typeof(AcceptTicket)] = [(_, p) => new AcceptTicket(p.Ticket)],
        [typeof(ReturnTicket)] = [(_, p) => new ReturnTicket(p.Ticket)],
        [typeof(CloseTicket)] = [(_, p) => new CloseTicket(p.Ticket)],
        [typeof(OfferClosing)] = [(_, p) => new OfferClosing(p.Ticket)],
        [typeof(ReopenTicket)] = [(_, p) => new ReopenTicket(p.Ticket)],
        [typeof(TransferTicket)] = [(w, p) => new TransferTicket(p.Ticket, w.Ours, null, "é meu"), (w, p) => new TransferTicket(p.Ticket, null, w.People["agent"].Id)],
        [typeof(ShowTyping)] = [(_, p) => new ShowTyping(p.Ticket, true)],
        [typeof(ReadDraft)] = [(_, p) => new ReadDraft(p.Ticket)],
        [typeof(SaveDraft)] = [(_, p) => new SaveDraft(p.Ticket, "x", null), (w, p) => new SaveDraft(w.Mine.Ticket, "x", p.Message)],
        [typeof(TakeUpload)] = [(_, p) => new TakeUpload(p.Ticket, new MemoryStream([1]), "x", Inforzap.Sdk.MediaKind.Document)],
        [typeof(SendTemplate)] = [(_, p) => new SendTemplate(p.Ticket, Guid.CreateVersion7(), "x", "pt_BR", new Dictionary<string, string>())],
        [typeof(SendMessage)] =
        [
            (_, p) => new SendMessage(p.Ticket, Guid.NewGuid(), "x"), (_, p) => new SendMessage(p.Ticket, Guid.NewGuid(), "x", IsNote: true),
            (w, p) => new SendMessage(w.Mine.Ticket, Guid.NewGuid(), "x", QuotedId: p.Message), (w, p) => new SendMessage(w.Mine.Ticket, Guid.NewGuid(), "x", p.Upload),
            (w, p) => new SendMessage(w.Mine.Ticket, Guid.NewGuid(), "x", p.Media), (w, p) => new SendMessage(w.Mine.Ticket, Guid.NewGuid(), "x", p.Upload, IsNote: true),
        ],
        [typeof(ForwardMessage)] = [(w, p) => new ForwardMessage(p.Message, Guid.NewGuid(), w.Mine.Ticket), (w, p) => new ForwardMessage(w.Mine.Message, Guid.NewGuid(), p.Ticket)],
        [typeof(OfferSms)] = [(_, p) => new OfferSms(p.Ticket)],
        [typeof(SendSms)] = [(w, p) => new SendSms(p.Ticket, w.Channel, Guid.NewGuid(), "x")],
        [typeof(ResendMessage)] = [(_, p) => new ResendMessage(p.Message)],
        [typeof(ReactToMessage)] = [(_, p) => new ReactToMessage(p.Message, "👍")],
        [typeof(EditMessage)] = [(_, p) => new EditMessage(p.Message, "x")],
        [typeof(DeleteMessage)] = [(_, p) => new DeleteMessage(p.Message)],
        [typeof(RepeatAct)] = [(_, p) => new RepeatAct(p.Message)],
        [typeof(SettleUnknown)] = [(_, p) => new SettleUnknown(p.Message)],
        [typeof(FetchMediaAgain)] = [(_, p) => new FetchMediaAgain(p.Media)],
        [typeof(FindMedia)] = [(_, p) => new FindMedia(p.Media), (_, p) => new FindMedia(p.Upload)],
        [typeof(MayUpload)] = [(_, p) => new MayUpload(p.Ticket)],
        [typeof(UseQuickMessage)] = [(w, p) => new UseQuickMessage(p.Ticket, w.Quick, true)],
        [typeof(UseSticker)] = [(w, p) => new UseSticker(p.Ticket, w.Sticker)],
        [typeof(TagTicket)] = [(w, p) => new TagTicket(p.Ticket, w.Tag)],
        [typeof(UntagTicket)] = [(w, p) => new UntagTicket(p.Ticket, w.Tag)],
        [typeof(NotesOfContact)] = [(_, p) => new NotesOfContact(p.Ticket)],
        [typeof(OfferMentions)] = [(_, p) => new OfferMentions(p.Ticket)],
        [typeof(PinNote)] = [(_, p) => new PinNote(p.Message, true)],
        [typeof(MakeProtocol)] = [(_, p) => new MakeProtocol(p.Ticket, Guid.NewGuid()), (_, p) => new MakeProtocol(p.Ticket, Guid.NewGuid(), "x", null, true)],
        [typeof(PreviewProtocol)] = [(_, p) => new PreviewProtocol(p.Ticket)],
        [typeof(ProtocolsOfTicket)] = [(_, p) => new ProtocolsOfTicket(p.Ticket)],
        [typeof(RatingsOfTicket)] = [(_, p) => new RatingsOfTicket(p.Ticket)],
        [typeof(SchedulesOfTicket)] = [(_, p) => new SchedulesOfTicket(p.Ticket)],
        [typeof(OfferSchedule)] = [(_, p) => new OfferSchedule(p.Ticket)],
        [typeof(ReadSchedule)] = [(_, p) => new ReadSchedule(p.Schedule)],
        [typeof(PauseSchedule)] = [(_, p) => new PauseSchedule(p.Schedule, true)],
        [typeof(CancelSchedule)] = [(_, p) => new CancelSchedule(p.Schedule)],
        [typeof(SendScheduleNow)] = [(_, p) => new SendScheduleNow(p.Schedule)],
        [typeof(RetryRun)] = [(_, p) => new RetryRun(p.Run)],
        [typeof(SeeFailedRuns)] = [(_, p) => new SeeFailedRuns(p.Schedule)],
        [typeof(SaveSchedule)] =
        [
            (w, p) => new SaveSchedule(p.Schedule, Schedule(w.Channel, p.Contact), [], 1), (w, p) => new SaveSchedule(null, Schedule(w.Channel, w.Mine.Contact), [], null, p.Schedule),
        ],
        [typeof(OfferSurveys)] = [(_, p) => new OfferSurveys(p.Ticket)],
        [typeof(SendSurvey)] = [(w, p) => new SendSurvey(p.Ticket, w.Survey)],
        [typeof(KeepUpload)] = [(_, p) => new KeepUpload(p.Ticket, File, null)],
    };

    /// <summary>What is there for everybody with the permission; tried with ids of what is gone or never was.</summary>
    public static IReadOnlyDictionary<Type, Func<AttackWorld, Guid, object>[]> OfOthers { get; } = new Dictionary<Type, Func<AttackWorld, Guid, object>[]>
    {
        [typeof(PreviewBook)] = [(_, id) => new PreviewBook(id)],
        [typeof(SyncBook)] = [(_, id) => new SyncBook(id, 1)],
        [typeof(StopBook)] = [(_, id) => new StopBook(id)],
        [typeof(DeactivateUser)] = [(_, id) => new DeactivateUser(id), (w, id) => new DeactivateUser(w.People["colleague"].Id, id)],
        [typeof(ActivateUser)] = [(_, id) => new ActivateUser(id)],
        [typeof(SignOutEverywhere)] = [(_, id) => new SignOutEverywhere(id)],
        [typeof(MakeOneTimeLink)] = [(_, id) => new MakeOneTimeLink(id)],
        [typeof(MailOneTimeLink)] = [(_, id) => new MailOneTimeLink(id, new string('0', 64), "https://a.example/")],
        [typeof(ReadBelongings)] = [(_, id) => new ReadBelongings(id)],
        [typeof(ReadUser)] = [(_, id) => new ReadUser(id)],
        [typeof(DeleteUser)] = [(_, id) => new DeleteUser(id)],
        [typeof(SetPresenceOf)] = [(_, id) => new SetPresenceOf(id, Presence.Away)],
        [typeof(SaveTeam)] = [(_, id) => new SaveTeam(id, "x", "#112233", null, [], 0), (_, id) => new SaveTeam(null, "x", "#112233", null, [id], null)],
        [typeof(SwitchTeam)] = [(_, id) => new SwitchTeam(id, false)],
        [typeof(DeleteTeam)] = [(_, id) => new DeleteTeam(id)],
        [typeof(SaveRole)] = [(_, id) => new SaveRole(id, "x", "", BuiltInRoles.Agent, ["tickets.see"], 0)],
        [typeof(DeleteRole)] = [(_, id) => new DeleteRole(id, null)],
        [typeof(ReadAccess)] = [(_, id) => new ReadAccess(id)],
        [typeof(ResetCodes)] = [(_, id) => new ResetCodes(id)],
        [typeof(FindPhoto)] = [(_, id) => new FindPhoto(id)],
        [typeof(SetPhotoOf)] = [(_, id) => new SetPhotoOf(id, null)],
        [typeof(SaveUser)] =
        [
            (_, id) => new SaveUser(id, "x", "x@example.test", BuiltInRoles.Agent, [], null, "s"),
            (_, id) => new SaveUser(null, "x", "x@example.test", BuiltInRoles.Agent, [id], null, null),
            (_, id) => new SaveUser(null, "x", "x@example.test", BuiltInRoles.Agent, [], null, null) { RoleId = id },
            (_, id) => new SaveUser(null, "x", "x@example.test", BuiltInRoles.Agent, [], null, null) { Channels = [id] },
            (_, id) => new SaveUser(null, "x", "x@example.test", BuiltInRoles.Agent, [], null, null) { DefaultChannelId = id },
        ],
        [typeof(ReadChannelForm)] = [(_, id) => new ReadChannelForm(id)],
        [typeof(SaveChannel)] =
        [
            (_, id) => new SaveChannel(id, "test", "test", "x", null, new Dictionary<string, string>(), 0),
            (_, id) => new SaveChannel(null, "test", "outro", "x", id, new Dictionary<string, string>(), null),
        ],
        [typeof(SwitchChannel)] = [(_, id) => new SwitchChannel(id, false)],
        [typeof(DeleteChannel)] = [(_, id) => new DeleteChannel(id)],
        [typeof(ReadChannelLog)] = [(_, id) => new ReadChannelLog(id)],
        [typeof(ProbeChannel)] = [(_, id) => new ProbeChannel(id)],
        [typeof(SwitchPlugin)] = [(_, id) => new SwitchPlugin($"{id}", false)],
        [typeof(ApprovePlugin)] = [(_, id) => new ApprovePlugin($"{id}", new string('0', 64)), (_, _) => new ApprovePlugin("test.plugin", new string('0', 64))],
        [typeof(SaveQueue)] =
        [
            (_, id) => new SaveQueue(id, "x", "#112233", 0, [], 0), (_, id) => new SaveQueue(null, "x", "#112233", 0, [id], null),
            (_, id) => new SaveQueue(null, "x", "#112233", 0, [], null) { Rules = new(AbsenceQueueId: id, AbsenceFrom: DateTime.UnixEpoch, AbsenceTo: DateTime.UtcNow) },
        ],
        [typeof(DeactivateQueue)] = [(_, id) => new DeactivateQueue(id, null), (w, id) => new DeactivateQueue(w.Ours, id)],
        [typeof(DeleteQueue)] = [(_, id) => new DeleteQueue(id, null), (w, id) => new DeleteQueue(w.Theirs, id)],
        [typeof(ListReasons)] = [(_, id) => new ListReasons(QueueId: id)],
        [typeof(SaveReason)] = [(_, id) => new SaveReason(id, "x", "#112233", 0, false, [], 0), (_, id) => new SaveReason(null, "x", "#112233", 0, false, [id], null)],
        [typeof(SwitchReason)] = [(_, id) => new SwitchReason(id, false)],
        [typeof(DeleteReason)] = [(_, id) => new DeleteReason(id)],
        [typeof(SaveFarewell)] =
        [
            (_, id) => new SaveFarewell(id, "x", "x", false, 0, [], [], 0), (_, id) => new SaveFarewell(null, "x", "x", false, 0, [id], [], null),
            (_, id) => new SaveFarewell(null, "x", "x", false, 0, [], [id], null),
        ],
        [typeof(SwitchFarewell)] = [(_, id) => new SwitchFarewell(id, false)],
        [typeof(DeleteFarewell)] = [(_, id) => new DeleteFarewell(id)],
        [typeof(SaveQuietRule)] =
        [
            (_, id) => new SaveQuietRule(id, Quiet, 0), (_, id) => new SaveQuietRule(null, Quiet with { Scope = QuietScope.Queue, PlaceId = id }, null),
            (_, id) => new SaveQuietRule(null, Quiet with { Action = QuietAction.ToUser, TargetId = id }, null), (_, id) => new SaveQuietRule(null, Quiet with { ReasonId = id }, null),
        ],
        [typeof(SwitchQuietRule)] = [(_, id) => new SwitchQuietRule(id, false)],
        [typeof(DeleteQuietRule)] = [(_, id) => new DeleteQuietRule(id)],
        [typeof(CloseTicket)] = [(w, id) => new CloseTicket(w.Mine.Ticket, null, id), (w, id) => new CloseTicket(w.Mine.Ticket, null, null, id)],
        [typeof(SaveSurvey)] =
        [
            (_, id) => new SaveSurvey(id, Survey with { Name = "x" }, 0), (_, id) => new SaveSurvey(null, Survey with { Name = "x", Queues = [id] }, null), (_, id) => new SaveSurvey(null, Survey with { Name = "x", Channels = [id] }, null),
        ],
        [typeof(SwitchSurvey)] = [(_, id) => new SwitchSurvey(id, false)],
        [typeof(DeleteSurvey)] = [(_, id) => new DeleteSurvey(id)],
        [typeof(SendSurvey)] = [(w, id) => new SendSurvey(w.Mine.Ticket, id)],
        [typeof(ReadRatings)] =
        [
            (_, id) => new ReadRatings(SurveyId: id), (_, id) => new ReadRatings(QueueId: id), (_, id) => new ReadRatings(UserId: id), (_, id) => new ReadRatings(ChannelId: id),
        ],
        [typeof(ReadCosts)] = [(_, id) => new ReadCosts(ChannelId: id)],
        [typeof(SavePrice)] = [(_, id) => new SavePrice(id, Price, 0), (_, id) => new SavePrice(null, Price with { ChannelId = id }, null)],
        [typeof(DeletePrice)] = [(_, id) => new DeletePrice(id)],
        [typeof(ReadAudit)] = [(_, id) => new ReadAudit("user", $"{id}")],
        [typeof(ListUsers)] = [(_, id) => new ListUsers(RoleId: id)],
        [typeof(ActivateQueue)] = [(_, id) => new ActivateQueue(id)],
        [typeof(ListQuickMessages)] = [(_, id) => new ListQuickMessages(QueueId: id)],
        [typeof(SaveQuickMessage)] =
        [
            (_, id) => Quick(id), (_, id) => Quick(null) with { Scope = QuickScope.Queues, Queues = [id] }, (_, id) => Quick(null) with { Files = [id] },
        ],
        [typeof(SwitchQuickMessage)] = [(_, id) => new SwitchQuickMessage(id, false)],
        [typeof(DeleteQuickMessage)] = [(_, id) => new DeleteQuickMessage(id)],
        [typeof(DuplicateQuickMessage)] = [(_, id) => new DuplicateQuickMessage(id)],
        [typeof(UseSticker)] = [(w, id) => new UseSticker(w.Mine.Ticket, id)],
        [typeof(FindSticker)] = [(_, id) => new FindSticker(id)],
        [typeof(DeleteSticker)] = [(_, id) => new DeleteSticker(id)],
        [typeof(SaveSticker)] = [(_, id) => new SaveSticker(id)],
        [typeof(ForwardMessage)] =
        [
            (w, id) => new ForwardMessage(w.Mine.Message, Guid.NewGuid(), id), (w, id) => new ForwardMessage(w.Mine.Message, Guid.NewGuid(), null, id, w.Channel),
            (w, id) => new ForwardMessage(w.Mine.Message, Guid.NewGuid(), null, w.Mine.Contact, id),
        ],
        [typeof(FindQuickFile)] = [(_, id) => new FindQuickFile(id)],
        [typeof(UseQuickMessage)] = [(w, id) => new UseQuickMessage(w.Mine.Ticket, id, true)],
        [typeof(SaveSchedule)] =
        [
            (w, id) => new SaveSchedule(id, Schedule(w.Channel, w.Mine.Contact), [], 1), (w, id) => new SaveSchedule(null, Schedule(w.Channel, id), [], null), (w, id) => new SaveSchedule(null, Schedule(id, w.Mine.Contact), [], null),
            (w, id) => new SaveSchedule(null, Schedule(w.Channel, w.Mine.Contact) with { Action = ScheduleAction.Open, UserId = id }, [], null),
            (w, id) => new SaveSchedule(null, Schedule(w.Channel, w.Mine.Contact) with { Action = ScheduleAction.Open, QueueId = id }, [], null),
            (w, id) => new SaveSchedule(null, Schedule(w.Channel, w.Mine.Contact), [id], null), (w, id) => new SaveSchedule(null, Schedule(w.Channel, w.Mine.Contact), [], null, id),
        ],
        [typeof(ListSchedules)] =
        [
            (_, id) => new ListSchedules(new(UserId: id)), (_, id) => new ListSchedules(new(ContactId: id)), (_, id) => new ListSchedules(new(ChannelId: id)),
        ],
        [typeof(ReadCalendar)] = [(_, id) => new ReadCalendar(new(ContactId: id), new(2027, 1, 1), new(2027, 1, 31))],
        [typeof(ScheduleChannels)] = [(_, id) => new ScheduleChannels([id])],
        [typeof(FindScheduleFile)] = [(_, id) => new FindScheduleFile(id)],
        [typeof(SaveHours)] =
        [
            (_, id) => Hours(HoursScope.Company, Guid.Empty) with { Id = id, Version = 0 }, (_, id) => Hours(HoursScope.Queue, id), (_, id) => Hours(HoursScope.Channel, id),
            (_, id) => Hours(HoursScope.Company, Guid.Empty) with { Action = OutOfHoursAction.Move, MoveTo = id },
        ],
        [typeof(DeleteHours)] = [(_, id) => new DeleteHours(id)],
        [typeof(SaveHoliday)] = [(_, id) => new SaveHoliday(id, "x", new(2027, 1, 2), false, null, 0)],
        [typeof(DeleteHoliday)] = [(_, id) => new DeleteHoliday(id)],
        [typeof(SaveMenu)] =
        [
            (w, id) => Menu(w, id, w.Ours, w.Theirs), (w, id) => Menu(w, w.Channel, w.Ours, id), (w, id) => Menu(w, w.Channel, w.Ours, w.Theirs) with { DefaultQueueId = id },
        ],
        [typeof(SaveVariable)] = [(_, id) => new SaveVariable(id, "x", "x", null, Inforzap.Settings.VariableType.Text, 0)],
        [typeof(DeleteVariable)] = [(_, id) => new DeleteVariable(id)],
        [typeof(FindVariableUses)] = [(_, id) => new FindVariableUses(id)],
        [typeof(RenameFilter)] = [(_, id) => new RenameFilter(id, "x")],
        [typeof(DeleteFilter)] = [(_, id) => new DeleteFilter(id)],
        [typeof(ListNotes)] = [(_, id) => new ListNotes(AuthorId: id)],
        [typeof(ListProtocols)] = [(_, id) => new ListProtocols(UserId: id)],
        [typeof(ChangeProtocol)] = [(_, id) => new ChangeProtocol(id, "x", null, 0)],
        [typeof(ReadContact)] = [(_, id) => new ReadContact(id)],
        [typeof(SaveContact)] = [(_, id) => new SaveContact(id, "x", null, null, null, null) { Extras = new(null, null, [new("y", "z")]) }],
        [typeof(BlockContact)] = [(_, id) => new BlockContact(id, true)],
        [typeof(BlockContacts)] = [(_, id) => new BlockContacts([id], true)],
        [typeof(MergeContacts)] = [(w, id) => new MergeContacts(id, [w.Mine.Contact]), (w, id) => new MergeContacts(w.Mine.Contact, [id])],
        [typeof(CompareContacts)] = [(_, id) => new CompareContacts([id])],
        [typeof(SetLegalHold)] = [(_, id) => new SetLegalHold(id, "x")],
        [typeof(WeighErasure)] = [(_, id) => new WeighErasure(id)],
        [typeof(EraseContact)] = [(_, id) => new EraseContact(id, "x", "x")],
        [typeof(ReadPrivacy)] = [(_, id) => new ReadPrivacy(id)],
        [typeof(ExportPerson)] = [(_, id) => new ExportPerson(id)],
        [typeof(FetchExport)] = [(_, id) => new FetchExport(id)],
        [typeof(ReadConsents)] = [(_, id) => new ReadConsents(id)],
        [typeof(SetConsent)] = [(_, id) => new SetConsent(id, ConsentPurpose.Marketing, null, true), (w, id) => new SetConsent(w.Mine.Contact, ConsentPurpose.Marketing, id, true)],
        [typeof(UndoMerge)] = [(_, id) => new UndoMerge(id)],
        [typeof(TagContacts)] = [(w, id) => new TagContacts([id], w.Tag, true), (w, id) => new TagContacts([w.Mine.Contact], id, true)],
        [typeof(ListContacts)] = [(_, id) => new ListContacts(new(TagId: id))],
        [typeof(ExportContacts)] = [(_, id) => new ExportContacts(new(TagId: id))],
        [typeof(ImportContactTable)] = [(_, id) => new ImportContactTable("nome;numero\nA;19 99111-0001", false) { TagId = id }, (_, id) => new ImportContactTable("nome;numero\nA;19 99111-0001", false) { OwnerId = id }],
        [typeof(SendSms)] = [(w, id) => new SendSms(id, w.Channel, Guid.NewGuid(), "x"), (w, id) => new SendSms(w.Mine.Ticket, id, Guid.NewGuid(), "x")],
        [typeof(OfferTemplates)] = [(_, id) => new OfferTemplates(id)],
        [typeof(ListTemplates)] = [(_, id) => new ListTemplates(id)],
        [typeof(SyncTemplates)] = [(_, id) => new SyncTemplates(id)],
        [typeof(CreateTemplate)] = [(_, id) => new CreateTemplate(id, new("x", "pt_BR", Inforzap.Sdk.TemplateCategory.Utility, Inforzap.Sdk.TemplateState.Pending, "Olá."))],
        [typeof(DeleteTemplate)] = [(_, id) => new DeleteTemplate(id)],
        [typeof(SetOwners)] = [(_, id) => new SetOwners([id], []), (w, id) => new SetOwners([w.Mine.Contact], [id])],
        [typeof(ListTags)] = [(_, id) => new ListTags(QueueId: id)],
        [typeof(SaveTag)] = [(_, id) => new SaveTag(id, "x", "#112233", 0, TagScope.Company, [], 0), (_, id) => new SaveTag(null, "x", "#112233", 0, TagScope.Queues, [id], null)],
        [typeof(SwitchTag)] = [(_, id) => new SwitchTag(id, false)],
        [typeof(DeleteTag)] = [(_, id) => new DeleteTag(id)],
        [typeof(CountTagged)] = [(_, id) => new CountTagged(id)],
        [typeof(AddTag)] = [(w, id) => new AddTag(id, w.Tag), (w, id) => new AddTag(w.Mine.Contact, id)],
        [typeof(RemoveTag)] = [(w, id) => new RemoveTag(id, w.Tag), (w, id) => new RemoveTag(w.Mine.Contact, id)],
        [typeof(TagTicket)] = [(w, id) => new TagTicket(w.Mine.Ticket, id)],
        [typeof(UntagTicket)] = [(w, id) => new UntagTicket(w.Mine.Ticket, id)],
        [typeof(StartConversation)] =
        [
            (w, id) => new StartConversation(id, w.Channel, null), (w, id) => new StartConversation(w.Mine.Contact, id, null), (w, id) => new StartConversation(w.Mine.Contact, w.Channel, id),
        ],
        [typeof(TransferTicket)] = [(w, id) => new TransferTicket(w.Mine.Ticket, id, null), (w, id) => new TransferTicket(w.Mine.Ticket, null, id)],
        [typeof(ReplayParked)] = [(_, _) => new ReplayParked([987_654_321])],
        [typeof(DropParked)] = [(_, _) => new DropParked([987_654_321])],
    };

    public static IReadOnlySet<Type> All { get; } = OfTickets.Keys.Concat(OfOthers.Keys).ToHashSet();

    /// <summary>Requests of people that name something: an id, some ids, a number, a key.</summary>
    public static IEnumerable<Type> Naming => House.Requests.Select(r => r.Request).Where(r => r.IsDefined(typeof(AllowAttribute), false) && r.GetProperties().Any(Names));

    private static bool Names(System.Reflection.PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(Guid) || typeof(IEnumerable<Guid>).IsAssignableFrom(type) || typeof(IEnumerable<long>).IsAssignableFrom(type)
            || (type == typeof(string) && (property.Name == "Id" || property.Name.EndsWith("Id", StringComparison.Ordinal)))
            || (type == typeof(long) && property.Name.EndsWith("Number", StringComparison.Ordinal))
            || (property.IsDefined(typeof(FormAttribute), false) && type.GetProperties().Any(Names));
    }

    private static SaveHours Hours(HoursScope scope, Guid id) => new(null, scope, id, "1 08:00-18:00", "x", 24, OutOfHoursAction.Message, null, false, true, null, null, null, null);

    private static SaveMenu Menu(AttackWorld world, Guid channel, Guid one, Guid other) => new(channel, true, "x", [new(one, "a"), new(other, "b")], "x", 3, 10, world.Ours, null, null);

    private static SaveQuickMessage Quick(Guid? id) => new(id, QuickScope.Company, "x", "x", "x", null, 0, true, [], [], 0);

    private static QuietRuleForm Quiet => new("x", QuietScope.Company, null, TicketStatus.Open, QuietSide.Contact, 30, null, null, null, QuietAction.Close, null, null);

    public static ScheduleForm Schedule(Guid channel, Guid contact) =>
        new([contact], channel, null, "x", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(7), new(9, 0), ScheduleUnit.Once, 1, null, null, BusinessDayRule.Any, false, ScheduleAction.Keep, null, false);

    public static PriceForm Price => new(null, "utility", "BRL", 0.04m, new(2026, 1, 1));

    public static SurveyForm Survey =>
        new("Como foi?", Contracts.Tickets.SurveyScale.OneToFive, "De 1 a 5?", "Obrigado.", "Um número, por favor.", null, null, false, true, true, false, 60, null, 0, 0, [], []);

    private static StoredFile File => new() { Id = Guid.NewGuid(), Name = "x.pdf", MimeType = "application/pdf", Size = 1, CreatedAt = DateTime.UtcNow };
}
