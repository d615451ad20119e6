using Inforzap.Alarms;
using Inforzap.Contracts.Contacts;
using Inforzap.Contracts.Identity;
using Inforzap.Contracts.Tickets;
using Inforzap.Data;
using Inforzap.Files;
using Inforzap.Jobs;
using Inforzap.Lanes;
using Inforzap.Tickets.Answering;
using Inforzap.Tickets.Closing;
using Inforzap.Tickets.Costs;
using Inforzap.Tickets.Desk;
using Inforzap.Tickets.Distributing;
using Inforzap.Tickets.Figures;
using Inforzap.Tickets.Inbound;
using Inforzap.Tickets.Notes;
using Inforzap.Tickets.Operation;
using Inforzap.Tickets.Owners;
using Inforzap.Tickets.Outbound;
using Inforzap.Tickets.Panel;
using Inforzap.Tickets.Past;
using Inforzap.Tickets.Persons;
using Inforzap.Tickets.Protocols;
using Inforzap.Tickets.Queues;
using Inforzap.Tickets.QuickMessages;
using Inforzap.Tickets.Retaining;
using Inforzap.Tickets.Schedules;
using Inforzap.Tickets.Stickers;
using Inforzap.Tickets.Surveys;
using Inforzap.Variables;
using Microsoft.AspNetCore.Routing;
using MudBlazor;

namespace Inforzap.Tickets;

/// <summary>Tickets, their messages, and the screen where agents live.</summary>
public sealed class TicketsModule : Module
{
    /// <inheritdoc/>
    public override string Name => "tickets";

    /// <inheritdoc/>
    public override void Map(ModelBuilder model, DatabaseProvider provider) => TicketsDb.Map(model, provider);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services)
    {
        services.AddScoped<TicketAccess>();
        services.AddScoped<Sight>();
        services.AddScoped<TicketFilters>();
        services.AddScoped<FigureAccess>();
        services.AddScoped<Afterwards>();
        services.AddScoped<HouseVoice>();
        // Before tickets, as what sends them holds the two in that order.
        services.AddScoped<IBelongings, SchedulesOfUser>();
        services.AddScoped<IBelongings, OpenTicketsOfUser>();
        services.AddScoped<IBelongings, OwnQuickMessages>();
        services.AddScoped<IBelongings, OwnDeskViews>();
        services.AddScoped<TicketFacts>();
        services.AddScoped<FileKeeper>();
        // In the order in which whoever sends holds them.
        services.AddScoped<IContactFollower, SchedulesFollow>();
        services.AddScoped<IContactFollower, TicketsFollow>();
        services.AddScoped<IPersonData, SchedulesOfPerson>();
        services.AddScoped<IPersonData, TicketsOfPerson>();
        services.AddScoped<TicketClosing>();
        services.AddScoped<ClosingScope>();
        services.AddScoped<IVariableUse, ClosingVariables>();
        services.Every<CloseQuiet>(TimeSpan.FromSeconds(30), alsoWhenNodeGoes: true);
        services.AddScoped<SurveySender>();
        services.AddScoped<SurveyAnswers>();
        services.AddScoped<SurveyWords>();
        services.AddScoped<IVariableUse, SurveyVariables>();
        services.Every<SurveyJob>(TimeSpan.FromSeconds(30));
        services.AddScoped<StickerWriter>();
        services.AddScoped<QuickAccess>();
        services.AddScoped<QuickWriter>();
        services.AddScoped<QuickTable>();
        services.AddScoped<IVariableUse, QuickMessageVariables>();
        services.AddScoped<Mentions>();
        services.AddScoped<IAlarmSource, MentionAlarms>();
        services.AddScoped<IBelongings, OwnMentions>();
        services.AddScoped<IAlarmSource, TakenAlarms>();
        services.AddScoped<IBelongings, OwnTakenTickets>();
        services.AddScoped<OwnerWay>();
        services.Every<LetOwnersGo>(TimeSpan.FromSeconds(30), alsoWhenNodeGoes: true);
        services.AddScoped<ProtocolMaker>();
        services.AddScoped<ProtocolWords>();
        services.AddScoped<IVariableUse, ProtocolVariables>();
        services.Every<AutomaticProtocols>(TimeSpan.FromSeconds(30));
        services.AddScoped<ScheduleAccess>();
        services.AddScoped<SchedulePlanner>();
        services.AddScoped<ScheduleTickets>();
        services.AddScoped<IVariableUse, ScheduleVariables>();
        services.AddScoped<IAlarmSource, ScheduleAlarms>();
        services.Every<WorkSchedules>(TimeSpan.FromSeconds(15), alsoWhenNodeGoes: true);
        services.AddAnswers();
        services.AddHostedService<OperationMetrics>();
        services.AddSingleton<HouseTroubles>();
        services.AddScoped<IAlarmSource, HouseAlarms>();
        services.Every<WatchHouse>(TimeSpan.FromMinutes(1));
        services.AddScoped<OptOuts>();
        services.AddScoped<OwnTickets>();
        services.AddScoped<SmsWays>();
        services.AddScoped<ChargeBook>();
        services.LaneHandler<ReceiveEvents>();
        services.LaneWorker<MediaWorker>();
        services.LaneWorker<HistoryWorker>();
        services.AddSingleton<Chance>(_ => Random.Shared.Next);
        services.AddHostedService<DistributionWatch>();
        services.Every<Distribute>(TimeSpan.FromSeconds(10), alsoWhenNodeGoes: true);
        services.Every<DeadSends>(TimeSpan.FromSeconds(30));
        services.Every<ForgetUploads>(TimeSpan.FromHours(6));
        services.Every<ForgetMessages>(TimeSpan.FromHours(6));
    }

    /// <inheritdoc/>
    public override void MapEndpoints(IEndpointRouteBuilder routes)
    {
        MediaEndpoints.Map(routes);
        QuickEndpoints.Map(routes);
        NoteEndpoints.Map(routes);
        ProtocolEndpoints.Map(routes);
        FigureAddress.Map(routes);
        SurveyEndpoints.Map(routes);
        CostEndpoints.Map(routes);
        ScheduleEndpoints.Map(routes);
        StickerEndpoints.Map(routes);
    }

    /// <inheritdoc/>
    public override IEnumerable<DatabaseObject> Objects(DatabaseProvider provider) => MessageSearch.Objects(provider);

    /// <inheritdoc/>
    public override IEnumerable<MenuItem> Menu =>
    [
        new("Dashboard", "/dashboard", Icons.Material.Outlined.Insights, "dashboard.see", 5) { IsHome = false },
        new("MenuDesk", "/desk", Icons.Material.Outlined.Forum, "tickets.see", 10, typeof(DeskBadge)),
        new("Panel", "/panel", Icons.Material.Outlined.SupervisorAccount, "panel.see", 105, Short: "PanelShort"),
        new("Queues", "/queues", Icons.Material.Outlined.AccountTree, "queues.see", 120),
        new("Hours", "/hours", Icons.Material.Outlined.Schedule, "hours.see", 121),
        new("EntryMenus", "/menus", Icons.Material.Outlined.Signpost, "menus.see", 122),
        new("Closings", "/closings", Icons.Material.Outlined.AssignmentTurnedIn, "closings.see", 125),
        new("Surveys", "/surveys", Icons.Material.Outlined.StarOutline, "surveys.see", 126),
        new("Costs", "/costs", Icons.Material.Outlined.Payments, "costs.see", 132),
        new("QuickMessages", "/quick-messages", Icons.Material.Outlined.Bolt, "quick.see", 60, Short: "QuickMessagesShort"),
        new("Schedules", "/schedules", Icons.Material.Outlined.CalendarMonth, "schedules.use", 58),
        new("Notes", "/notes", Icons.Material.Outlined.StickyNote2, "notes.see", 62),
        new("Protocols", "/protocols", Icons.Material.Outlined.Tag, "protocols.see", 64),
        new("SystemTitle", "/system", Icons.Material.Outlined.MonitorHeart, "lanes.see", 185),
        new("MenuParked", "/parked", Icons.Material.Outlined.ReportProblem, "lanes.see", 190),
    ];

    /// <inheritdoc/>
    public override string PermissionsTitle => "PermitTickets";

    /// <inheritdoc/>
    public override IEnumerable<Permission> Permissions =>
    [
        new("dashboard.see", BuiltInRoles.Everyone),
        new("tickets.see", BuiltInRoles.Everyone),
        new("tickets.see-all", BuiltInRoles.Administrator),
        new("tickets.see-queue", BuiltInRoles.Leads),
        new("tickets.groups", BuiltInRoles.Everyone),
        new("tickets.answer", BuiltInRoles.Everyone),
        new("tickets.peek", BuiltInRoles.Everyone),
        new("tickets.transfer", BuiltInRoles.Everyone),
        new("tickets.close", BuiltInRoles.Everyone),
        new("tickets.reopen", BuiltInRoles.Everyone),
        new("tickets.start", BuiltInRoles.Everyone),
        new("tickets.history", BuiltInRoles.Leads),
        new("panel.see", BuiltInRoles.Leads),
        new("closings.see", BuiltInRoles.Leads),
        new("closings.edit", BuiltInRoles.Administrator),
        new("surveys.see", BuiltInRoles.Leads),
        new("surveys.edit", BuiltInRoles.Administrator),
        new("surveys.send", BuiltInRoles.Everyone),
        new("costs.see", BuiltInRoles.Leads),
        new("costs.edit", BuiltInRoles.Administrator),
        new("queues.see", BuiltInRoles.Leads),
        new("queues.edit", BuiltInRoles.Administrator),
        new("queues.edit-own", BuiltInRoles.Leads),
        new("queues.delete", BuiltInRoles.Administrator),
        new("hours.see", BuiltInRoles.Leads),
        new("hours.edit", BuiltInRoles.Administrator),
        new("menus.see", BuiltInRoles.Leads),
        new("menus.edit", BuiltInRoles.Administrator),
        new("quick.see", BuiltInRoles.Everyone),
        new("quick.own", BuiltInRoles.Everyone),
        new("quick.edit", BuiltInRoles.Leads),
        new("stickers.edit", BuiltInRoles.Leads),
        new("schedules.use", BuiltInRoles.Everyone),
        new("schedules.manage", BuiltInRoles.Leads),
        new("notes.see", BuiltInRoles.Leads),
        new("notes.export", BuiltInRoles.Administrator),
        new("notes.edit-all", BuiltInRoles.Administrator),
        new("protocols.see", BuiltInRoles.Everyone),
        new("protocols.make", BuiltInRoles.Everyone),
        new("protocols.edit", BuiltInRoles.Leads),
        new("protocols.export", BuiltInRoles.Administrator),
        new("lanes.see", BuiltInRoles.Administrator),
    ];

    /// <inheritdoc/>
    public override IEnumerable<FileUse> FileUses => [FileUse.Of<Media>(m => m.FileId), FileUse.Of<QuickFile>(f => f.FileId), FileUse.Of<ScheduleFile>(f => f.FileId), FileUse.Of<Sticker>(s => s.FileId)];

    /// <inheritdoc/>
    public override IEnumerable<ReadView> Views =>
    [
        ReadView.Of<QueueView>(q => q.Id, db => db.Queues.Select(q => new QueueView { Id = q.Id, Name = q.Name, Color = q.Color, IsActive = q.IsActive })),
        ReadView.Of<ClosingReasonView>(r => r.Id, db => db.ClosingReasons.Where(r => !r.IsSystem).Select(r => new ClosingReasonView { Id = r.Id, Name = r.Name })),
        ReadView.Of<QueueMemberView>(m => new { m.QueueId, m.UserId }, db => db.QueueMembers.Select(m => new QueueMemberView { QueueId = m.QueueId, UserId = m.UserId })),
    ];
}
