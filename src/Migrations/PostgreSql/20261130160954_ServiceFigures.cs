using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ServiceFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "SurveyUntil",
                schema: "tickets",
                table: "Tickets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "SendSurvey",
                schema: "tickets",
                table: "QuietRules",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "ClosedMinute",
                schema: "tickets",
                table: "Cycles",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsGroup",
                schema: "tickets",
                table: "Cycles",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "QueuedMinute",
                schema: "tickets",
                table: "Cycles",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            // Cycles that there are: whose they are, and the minutes by which figures find them.
            migrationBuilder.Sql("""
                UPDATE tickets."Cycles" AS c SET
                    "IsGroup" = COALESCE((SELECT t."IsGroup" FROM tickets."Tickets" AS t WHERE t."Id" = c."TicketId"), FALSE),
                    "QueuedMinute" = floor(extract(epoch FROM "QueuedAt") / 60)::int,
                    "ClosedMinute" = floor(extract(epoch FROM "ClosedAt") / 60)::int;
                """);

            migrationBuilder.CreateTable(
                name: "SurveyRequests",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SurveyId = table.Column<Guid>(type: "uuid", nullable: false),
                    Scale = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    CycleId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    QueueId = table.Column<Guid>(type: "uuid", nullable: true),
                    UserId = table.Column<Guid>(type: "uuid", nullable: true),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Score = table.Column<int>(type: "integer", nullable: true),
                    Comment = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    Wrongs = table.Column<int>(type: "integer", nullable: false),
                    IsPassed = table.Column<bool>(type: "boolean", nullable: false),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    AnsweredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SurveyRequests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Surveys",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Scale = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    RequestText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: false),
                    ThanksText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: false),
                    InvalidText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: false),
                    ReasonText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: true),
                    ReasonAt = table.Column<int>(type: "integer", nullable: true),
                    IsAutomatic = table.Column<bool>(type: "boolean", nullable: false),
                    IsManual = table.Column<bool>(type: "boolean", nullable: false),
                    IsVoluntary = table.Column<bool>(type: "boolean", nullable: false),
                    UsesChoices = table.Column<bool>(type: "boolean", nullable: false),
                    ExpiresMinutes = table.Column<int>(type: "integer", nullable: false),
                    ExpiryText = table.Column<string>(type: "character varying(900)", maxLength: 900, nullable: true),
                    LeastHours = table.Column<int>(type: "integer", nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    IsActive = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SearchText = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Surveys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TakenTickets",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    ById = table.Column<Guid>(type: "uuid", nullable: false),
                    ToId = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TakenTickets", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Cycles_AcceptedAt",
                schema: "tickets",
                table: "Cycles",
                column: "AcceptedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Cycles_ClosedMinute",
                schema: "tickets",
                table: "Cycles",
                column: "ClosedMinute");

            migrationBuilder.CreateIndex(
                name: "IX_Cycles_FirstResponseAt",
                schema: "tickets",
                table: "Cycles",
                column: "FirstResponseAt");

            migrationBuilder.CreateIndex(
                name: "IX_Cycles_QueuedMinute",
                schema: "tickets",
                table: "Cycles",
                column: "QueuedMinute");

            migrationBuilder.CreateIndex(
                name: "IX_Contacts_CreatedAt",
                schema: "contacts",
                table: "Contacts",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_ContactId_SentAt",
                schema: "tickets",
                table: "SurveyRequests",
                columns: new[] { "ContactId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_Due",
                schema: "tickets",
                table: "SurveyRequests",
                column: "ExpiresAt",
                filter: "\"State\" IN ('Sent', 'AskedWhy')");

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_SentAt_Id",
                schema: "tickets",
                table: "SurveyRequests",
                columns: new[] { "SentAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_SurveyId",
                schema: "tickets",
                table: "SurveyRequests",
                column: "SurveyId");

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_TicketId",
                schema: "tickets",
                table: "SurveyRequests",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "UX_SurveyRequests_Open",
                schema: "tickets",
                table: "SurveyRequests",
                columns: new[] { "ChannelId", "ContactId" },
                unique: true,
                filter: "\"State\" IN ('Sent', 'AskedWhy')");

            migrationBuilder.CreateIndex(
                name: "IX_Surveys_Name",
                schema: "tickets",
                table: "Surveys",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_TakenTickets_UserId_At",
                schema: "tickets",
                table: "TakenTickets",
                columns: new[] { "UserId", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SurveyRequests",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Surveys",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "TakenTickets",
                schema: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_Cycles_AcceptedAt",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropIndex(
                name: "IX_Cycles_ClosedMinute",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropIndex(
                name: "IX_Cycles_FirstResponseAt",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropIndex(
                name: "IX_Cycles_QueuedMinute",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropIndex(
                name: "IX_Contacts_CreatedAt",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "SurveyUntil",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "SendSurvey",
                schema: "tickets",
                table: "QuietRules");

            migrationBuilder.DropColumn(
                name: "ClosedMinute",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropColumn(
                name: "IsGroup",
                schema: "tickets",
                table: "Cycles");

            migrationBuilder.DropColumn(
                name: "QueuedMinute",
                schema: "tickets",
                table: "Cycles");
        }
    }
}
