using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ServiceRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ClosingReasonId",
                schema: "tickets",
                table: "Tickets",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "QuietSince",
                schema: "tickets",
                table: "Tickets",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateTime>(
                name: "WaitingSince",
                schema: "tickets",
                table: "Tickets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "WarnedAt",
                schema: "tickets",
                table: "Tickets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "PlaceMinutes",
                schema: "tickets",
                table: "Queues",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "PlaceText",
                schema: "tickets",
                table: "Queues",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "PinnedAt",
                schema: "tickets",
                table: "Messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ClosingReasonId",
                schema: "tickets",
                table: "Cycles",
                type: "uuid",
                nullable: true);

            // Who is being served now has been quiet since the last message, and waits if it was theirs.
            migrationBuilder.Sql("""UPDATE tickets."Tickets" SET "QuietSince" = "LastMessageAt", "WaitingSince" = CASE WHEN "LastFromUs" THEN NULL ELSE "LastMessageAt" END WHERE "Status" <> 'Closed'""");

            migrationBuilder.CreateTable(
                name: "AlarmMails",
                schema: "settings",
                columns: table => new
                {
                    AlarmId = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Since = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ToldAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    IsOpen = table.Column<bool>(type: "boolean", nullable: false),
                    Words = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlarmMails", x => x.AlarmId);
                });

            migrationBuilder.CreateTable(
                name: "AnswerStates",
                schema: "tickets",
                columns: table => new
                {
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Answered = table.Column<long>(type: "bigint", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Said = table.Column<int>(type: "integer", nullable: false),
                    ToldClosedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AnswerStates", x => new { x.ChannelId, x.ContactId });
                });

            migrationBuilder.CreateTable(
                name: "ClosingPlaces",
                schema: "tickets",
                columns: table => new
                {
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: false),
                    PlaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClosingPlaces", x => new { x.OwnerId, x.PlaceId });
                });

            migrationBuilder.CreateTable(
                name: "ClosingReasons",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Color = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    RequiresNote = table.Column<bool>(type: "boolean", nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    IsSystem = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SearchText = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClosingReasons", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EntryMenus",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    Greeting = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: false),
                    WrongText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: false),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    TimeoutMinutes = table.Column<int>(type: "integer", nullable: false),
                    DefaultQueueId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChosenText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EntryMenus", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EntryOptions",
                schema: "tickets",
                columns: table => new
                {
                    MenuId = table.Column<Guid>(type: "uuid", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    QueueId = table.Column<Guid>(type: "uuid", nullable: false),
                    Label = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EntryOptions", x => new { x.MenuId, x.Position });
                });

            migrationBuilder.CreateTable(
                name: "Farewells",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    IsDefault = table.Column<bool>(type: "boolean", nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SearchText = table.Column<string>(type: "character varying(1200)", maxLength: 1200, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Farewells", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Holidays",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Date = table.Column<DateOnly>(type: "date", nullable: false),
                    IsYearly = table.Column<bool>(type: "boolean", nullable: false),
                    Hours = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Holidays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MailServer",
                schema: "settings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Host = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Port = table.Column<int>(type: "integer", nullable: false),
                    Security = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Password = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    FromName = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    FromAddress = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    ReplyTo = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    IsOn = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailServer", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MenuStates",
                schema: "tickets",
                columns: table => new
                {
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    DueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    IsOver = table.Column<bool>(type: "boolean", nullable: false),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    PlaceAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MenuStates", x => x.TicketId);
                });

            migrationBuilder.CreateTable(
                name: "NationalHolidays",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    National = table.Column<bool>(type: "boolean", nullable: false),
                    CarnivalMonday = table.Column<bool>(type: "boolean", nullable: false),
                    CarnivalTuesday = table.Column<bool>(type: "boolean", nullable: false),
                    AshWednesday = table.Column<bool>(type: "boolean", nullable: false),
                    CorpusChristi = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NationalHolidays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NoteMentions",
                schema: "tickets",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoteMentions", x => new { x.MessageId, x.UserId });
                });

            migrationBuilder.CreateTable(
                name: "Protocols",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    Backwards = table.Column<long>(type: "bigint", nullable: false),
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    CycleId = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: true),
                    Subject = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    Description = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Protocols", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "QuietRules",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Scope = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    PlaceId = table.Column<Guid>(type: "uuid", nullable: true),
                    Status = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    WaitingFor = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    AfterMinutes = table.Column<int>(type: "integer", nullable: false),
                    OnlyOpenHours = table.Column<bool>(type: "boolean", nullable: false),
                    WarnMinutes = table.Column<int>(type: "integer", nullable: true),
                    WarnText = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Action = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    ReasonId = table.Column<Guid>(type: "uuid", nullable: true),
                    TargetId = table.Column<Guid>(type: "uuid", nullable: true),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_QuietRules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ServiceHours",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Scope = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    ScopeId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    Week = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    OnHolidays = table.Column<bool>(type: "boolean", nullable: false),
                    OutOfHoursText = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    RepeatHours = table.Column<int>(type: "integer", nullable: false),
                    Action = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    MoveToQueueId = table.Column<Guid>(type: "uuid", nullable: true),
                    VacationFrom = table.Column<DateOnly>(type: "date", nullable: true),
                    VacationTo = table.Column<DateOnly>(type: "date", nullable: true),
                    VacationText = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ServiceHours", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Tags",
                schema: "contacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Color = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    Scope = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SearchText = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tags", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ContactTags",
                schema: "contacts",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    TagId = table.Column<Guid>(type: "uuid", nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactTags", x => new { x.ContactId, x.TagId });
                    table.ForeignKey(
                        name: "FK_ContactTags_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalSchema: "contacts",
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ContactTags_Tags_TagId",
                        column: x => x.TagId,
                        principalSchema: "contacts",
                        principalTable: "Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "TagQueues",
                schema: "contacts",
                columns: table => new
                {
                    TagId = table.Column<Guid>(type: "uuid", nullable: false),
                    QueueId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TagQueues", x => new { x.TagId, x.QueueId });
                    table.ForeignKey(
                        name: "FK_TagQueues_Tags_TagId",
                        column: x => x.TagId,
                        principalSchema: "contacts",
                        principalTable: "Tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                schema: "tickets",
                table: "ClosingReasons",
                columns: new[] { "Id", "Color", "CreatedAt", "DeletedAt", "IsActive", "IsSystem", "Name", "Order", "RequiresNote", "SearchText", "Version" },
                values: new object[] { new Guid("6f0c2f4e-0f5b-4f0e-9b1d-1f6f3b0a0001"), "#64748b", new DateTime(2026, 11, 30, 0, 0, 0, 0, DateTimeKind.Utc), null, true, true, "ReasonInactivity", 9999, false, "", 0 });

            migrationBuilder.InsertData(
                schema: "tickets",
                table: "Counters",
                columns: new[] { "Name", "Value" },
                values: new object[] { "protocol", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Quiet",
                schema: "tickets",
                table: "Tickets",
                columns: new[] { "Status", "QuietSince" },
                filter: "\"Status\" <> 'Closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Notes",
                schema: "tickets",
                table: "Messages",
                columns: new[] { "CreatedAt", "Id" },
                filter: "\"IsNote\"");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_NotesOfTicket",
                schema: "tickets",
                table: "Messages",
                columns: new[] { "TicketId", "DeletedAt", "CreatedAt" },
                filter: "\"IsNote\"");

            migrationBuilder.CreateIndex(
                name: "IX_AnswerStates_ContactId",
                schema: "tickets",
                table: "AnswerStates",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_ClosingPlaces_PlaceId",
                schema: "tickets",
                table: "ClosingPlaces",
                column: "PlaceId");

            migrationBuilder.CreateIndex(
                name: "IX_ClosingReasons_Name",
                schema: "tickets",
                table: "ClosingReasons",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ContactTags_TagId_ContactId",
                schema: "contacts",
                table: "ContactTags",
                columns: new[] { "TagId", "ContactId" });

            migrationBuilder.CreateIndex(
                name: "IX_EntryMenus_ChannelId",
                schema: "tickets",
                table: "EntryMenus",
                column: "ChannelId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Farewells_Name",
                schema: "tickets",
                table: "Farewells",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Holidays_Date",
                schema: "tickets",
                table: "Holidays",
                column: "Date");

            migrationBuilder.CreateIndex(
                name: "IX_MenuStates_DueAt",
                schema: "tickets",
                table: "MenuStates",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_NoteMentions_Unseen",
                schema: "tickets",
                table: "NoteMentions",
                columns: new[] { "UserId", "TicketId" },
                filter: "\"SeenAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Protocols_Backwards",
                schema: "tickets",
                table: "Protocols",
                column: "Backwards");

            migrationBuilder.CreateIndex(
                name: "IX_Protocols_ContactId_CreatedAt",
                schema: "tickets",
                table: "Protocols",
                columns: new[] { "ContactId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Protocols_CreatedAt",
                schema: "tickets",
                table: "Protocols",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Protocols_Number",
                schema: "tickets",
                table: "Protocols",
                column: "Number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Protocols_TicketId_CreatedAt",
                schema: "tickets",
                table: "Protocols",
                columns: new[] { "TicketId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "UX_Protocols_Automatic",
                schema: "tickets",
                table: "Protocols",
                column: "CycleId",
                unique: true,
                filter: "\"UserId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_QuietRules_Name",
                schema: "tickets",
                table: "QuietRules",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ServiceHours_Scope_ScopeId",
                schema: "tickets",
                table: "ServiceHours",
                columns: new[] { "Scope", "ScopeId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TagQueues_QueueId",
                schema: "contacts",
                table: "TagQueues",
                column: "QueueId");

            migrationBuilder.CreateIndex(
                name: "IX_Tags_SearchText",
                schema: "contacts",
                table: "Tags",
                column: "SearchText",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlarmMails",
                schema: "settings");

            migrationBuilder.DropTable(
                name: "AnswerStates",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ClosingPlaces",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ClosingReasons",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ContactTags",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "EntryMenus",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "EntryOptions",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Farewells",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Holidays",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "MailServer",
                schema: "settings");

            migrationBuilder.DropTable(
                name: "MenuStates",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "NationalHolidays",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "NoteMentions",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Protocols",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "QuietRules",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ServiceHours",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "TagQueues",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "Tags",
                schema: "contacts");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Quiet",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropIndex(
                name: "IX_Messages_Notes",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropIndex(
                name: "IX_Messages_NotesOfTicket",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DeleteData(
                schema: "tickets",
                table: "Counters",
                keyColumn: "Name",
                keyValue: "protocol");

            migrationBuilder.DropColumn(
                name: "ClosingReasonId",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "QuietSince",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "WaitingSince",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "WarnedAt",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "PlaceMinutes",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "PlaceText",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "PinnedAt",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ClosingReasonId",
                schema: "tickets",
                table: "Cycles");
        }
    }
}
