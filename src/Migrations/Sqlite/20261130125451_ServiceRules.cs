using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ServiceRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ClosingReasonId",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "QuietSince",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateTime>(
                name: "WaitingSince",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "WarnedAt",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PlaceMinutes",
                table: "tickets_Queues",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "PlaceText",
                table: "tickets_Queues",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "PinnedAt",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ClosingReasonId",
                table: "tickets_Cycles",
                type: "TEXT",
                nullable: true);

            // Who is being served now has been quiet since the last message, and waits if it was theirs.
            migrationBuilder.Sql("""UPDATE tickets_Tickets SET QuietSince = LastMessageAt, WaitingSince = CASE WHEN LastFromUs = 0 THEN LastMessageAt END WHERE Status <> 'Closed'""");

            migrationBuilder.CreateTable(
                name: "contacts_Tags",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Color = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_Tags", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "settings_AlarmMails",
                columns: table => new
                {
                    AlarmId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Since = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ToldAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    IsOpen = table.Column<bool>(type: "INTEGER", nullable: false),
                    Words = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings_AlarmMails", x => x.AlarmId);
                });

            migrationBuilder.CreateTable(
                name: "settings_MailServer",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Host = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Port = table.Column<int>(type: "INTEGER", nullable: false),
                    Security = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    UserName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    Password = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    FromName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    FromAddress = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    ReplyTo = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    IsOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings_MailServer", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_AnswerStates",
                columns: table => new
                {
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Answered = table.Column<long>(type: "INTEGER", nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Said = table.Column<int>(type: "INTEGER", nullable: false),
                    ToldClosedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_AnswerStates", x => new { x.ChannelId, x.ContactId });
                });

            migrationBuilder.CreateTable(
                name: "tickets_ClosingPlaces",
                columns: table => new
                {
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlaceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ClosingPlaces", x => new { x.OwnerId, x.PlaceId });
                });

            migrationBuilder.CreateTable(
                name: "tickets_ClosingReasons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Color = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    RequiresNote = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsSystem = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ClosingReasons", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_EntryMenus",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    Greeting = table.Column<string>(type: "TEXT", maxLength: 900, nullable: false),
                    WrongText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    TimeoutMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    DefaultQueueId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChosenText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_EntryMenus", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_EntryOptions",
                columns: table => new
                {
                    MenuId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    QueueId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_EntryOptions", x => new { x.MenuId, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "tickets_Farewells",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Text = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    IsDefault = table.Column<bool>(type: "INTEGER", nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 1200, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Farewells", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_Holidays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Date = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    IsYearly = table.Column<bool>(type: "INTEGER", nullable: false),
                    Hours = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Holidays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_MenuStates",
                columns: table => new
                {
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    IsOver = table.Column<bool>(type: "INTEGER", nullable: false),
                    Place = table.Column<int>(type: "INTEGER", nullable: false),
                    PlaceAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_MenuStates", x => x.TicketId);
                });

            migrationBuilder.CreateTable(
                name: "tickets_NationalHolidays",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    National = table.Column<bool>(type: "INTEGER", nullable: false),
                    CarnivalMonday = table.Column<bool>(type: "INTEGER", nullable: false),
                    CarnivalTuesday = table.Column<bool>(type: "INTEGER", nullable: false),
                    AshWednesday = table.Column<bool>(type: "INTEGER", nullable: false),
                    CorpusChristi = table.Column<bool>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_NationalHolidays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_NoteMentions",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_NoteMentions", x => new { x.MessageId, x.UserId });
                });

            migrationBuilder.CreateTable(
                name: "tickets_Protocols",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    Backwards = table.Column<long>(type: "INTEGER", nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CycleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    Description = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Protocols", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_QuietRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Scope = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    PlaceId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Status = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    WaitingFor = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    AfterMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    OnlyOpenHours = table.Column<bool>(type: "INTEGER", nullable: false),
                    WarnMinutes = table.Column<int>(type: "INTEGER", nullable: true),
                    WarnText = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Text = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Action = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    ReasonId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TargetId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_QuietRules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_ServiceHours",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Scope = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    ScopeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Week = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    OnHolidays = table.Column<bool>(type: "INTEGER", nullable: false),
                    OutOfHoursText = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    RepeatHours = table.Column<int>(type: "INTEGER", nullable: false),
                    Action = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    MoveToQueueId = table.Column<Guid>(type: "TEXT", nullable: true),
                    VacationFrom = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    VacationTo = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    VacationText = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ServiceHours", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "contacts_ContactTags",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TagId = table.Column<Guid>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_ContactTags", x => new { x.ContactId, x.TagId });
                    table.ForeignKey(
                        name: "FK_contacts_ContactTags_contacts_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "contacts_Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_contacts_ContactTags_contacts_Tags_TagId",
                        column: x => x.TagId,
                        principalTable: "contacts_Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "contacts_TagQueues",
                columns: table => new
                {
                    TagId = table.Column<Guid>(type: "TEXT", nullable: false),
                    QueueId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_TagQueues", x => new { x.TagId, x.QueueId });
                    table.ForeignKey(
                        name: "FK_contacts_TagQueues_contacts_Tags_TagId",
                        column: x => x.TagId,
                        principalTable: "contacts_Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "tickets_ClosingReasons",
                columns: new[] { "Id", "Color", "CreatedAt", "DeletedAt", "IsActive", "IsSystem", "Name", "Order", "RequiresNote", "SearchText", "Version" },
                values: new object[] { new Guid("6f0c2f4e-0f5b-4f0e-9b1d-1f6f3b0a0001"), "#64748b", new DateTime(2026, 11, 30, 0, 0, 0, 0, DateTimeKind.Utc), null, true, true, "ReasonInactivity", 9999, false, "", 0 });

            migrationBuilder.InsertData(
                table: "tickets_Counters",
                columns: new[] { "Name", "Value" },
                values: new object[] { "protocol", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Quiet",
                table: "tickets_Tickets",
                columns: new[] { "Status", "QuietSince" },
                filter: "\"Status\" <> 'Closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Notes",
                table: "tickets_Messages",
                columns: new[] { "CreatedAt", "Id" },
                filter: "\"IsNote\"");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_NotesOfTicket",
                table: "tickets_Messages",
                columns: new[] { "TicketId", "DeletedAt", "CreatedAt" },
                filter: "\"IsNote\"");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_ContactTags_TagId_ContactId",
                table: "contacts_ContactTags",
                columns: new[] { "TagId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_contacts_TagQueues_QueueId",
                table: "contacts_TagQueues",
                column: "QueueId");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Tags_SearchText",
                table: "contacts_Tags",
                column: "SearchText",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_AnswerStates_ContactId",
                table: "tickets_AnswerStates",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ClosingPlaces_PlaceId",
                table: "tickets_ClosingPlaces",
                column: "PlaceId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ClosingReasons_Name",
                table: "tickets_ClosingReasons",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_EntryMenus_ChannelId",
                table: "tickets_EntryMenus",
                column: "ChannelId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Farewells_Name",
                table: "tickets_Farewells",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Holidays_Date",
                table: "tickets_Holidays",
                column: "Date");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MenuStates_DueAt",
                table: "tickets_MenuStates",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_NoteMentions_Unseen",
                table: "tickets_NoteMentions",
                columns: new[] { "UserId", "TicketId" },
                filter: "\"SeenAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Protocols_Backwards",
                table: "tickets_Protocols",
                column: "Backwards");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Protocols_ContactId_CreatedAt",
                table: "tickets_Protocols",
                columns: new[] { "ContactId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Protocols_CreatedAt",
                table: "tickets_Protocols",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Protocols_Number",
                table: "tickets_Protocols",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Protocols_TicketId_CreatedAt",
                table: "tickets_Protocols",
                columns: new[] { "TicketId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "UX_Protocols_Automatic",
                table: "tickets_Protocols",
                column: "CycleId",
                unique: true,
                filter: "\"UserId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_QuietRules_Name",
                table: "tickets_QuietRules",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ServiceHours_Scope_ScopeId",
                table: "tickets_ServiceHours",
                columns: new[] { "Scope", "ScopeId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contacts_ContactTags");

            migrationBuilder.DropTable(
                name: "contacts_TagQueues");

            migrationBuilder.DropTable(
                name: "settings_AlarmMails");

            migrationBuilder.DropTable(
                name: "settings_MailServer");

            migrationBuilder.DropTable(
                name: "tickets_AnswerStates");

            migrationBuilder.DropTable(
                name: "tickets_ClosingPlaces");

            migrationBuilder.DropTable(
                name: "tickets_ClosingReasons");

            migrationBuilder.DropTable(
                name: "tickets_EntryMenus");

            migrationBuilder.DropTable(
                name: "tickets_EntryOptions");

            migrationBuilder.DropTable(
                name: "tickets_Farewells");

            migrationBuilder.DropTable(
                name: "tickets_Holidays");

            migrationBuilder.DropTable(
                name: "tickets_MenuStates");

            migrationBuilder.DropTable(
                name: "tickets_NationalHolidays");

            migrationBuilder.DropTable(
                name: "tickets_NoteMentions");

            migrationBuilder.DropTable(
                name: "tickets_Protocols");

            migrationBuilder.DropTable(
                name: "tickets_QuietRules");

            migrationBuilder.DropTable(
                name: "tickets_ServiceHours");

            migrationBuilder.DropTable(
                name: "contacts_Tags");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Quiet",
                table: "tickets_Tickets");

            migrationBuilder.DropIndex(
                name: "IX_Messages_Notes",
                table: "tickets_Messages");

            migrationBuilder.DropIndex(
                name: "IX_Messages_NotesOfTicket",
                table: "tickets_Messages");

            migrationBuilder.DeleteData(
                table: "tickets_Counters",
                keyColumn: "Name",
                keyValue: "protocol");

            migrationBuilder.DropColumn(
                name: "ClosingReasonId",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "QuietSince",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "WaitingSince",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "WarnedAt",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "PlaceMinutes",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "PlaceText",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "PinnedAt",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "ClosingReasonId",
                table: "tickets_Cycles");
        }
    }
}
