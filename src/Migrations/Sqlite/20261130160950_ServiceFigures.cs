using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ServiceFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "SurveyUntil",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "SendSurvey",
                table: "tickets_QuietRules",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "ClosedMinute",
                table: "tickets_Cycles",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsGroup",
                table: "tickets_Cycles",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "QueuedMinute",
                table: "tickets_Cycles",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            // Cycles that there are: whose they are, and the minutes by which figures find them.
            migrationBuilder.Sql("""
                UPDATE "tickets_Cycles" SET
                    "IsGroup" = COALESCE((SELECT t."IsGroup" FROM "tickets_Tickets" AS t WHERE t."Id" = "tickets_Cycles"."TicketId"), 0),
                    "QueuedMinute" = CAST(strftime('%s', "QueuedAt") AS INTEGER) / 60,
                    "ClosedMinute" = CAST(strftime('%s', "ClosedAt") AS INTEGER) / 60;
                """);

            migrationBuilder.CreateTable(
                name: "tickets_SurveyRequests",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    SurveyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Scale = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CycleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    QueueId = table.Column<Guid>(type: "TEXT", nullable: true),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Score = table.Column<int>(type: "INTEGER", nullable: true),
                    Comment = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    Wrongs = table.Column<int>(type: "INTEGER", nullable: false),
                    IsPassed = table.Column<bool>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    AnsweredAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_SurveyRequests", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_Surveys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Scale = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    RequestText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: false),
                    ThanksText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: false),
                    InvalidText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: false),
                    ReasonText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: true),
                    ReasonAt = table.Column<int>(type: "INTEGER", nullable: true),
                    IsAutomatic = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsManual = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsVoluntary = table.Column<bool>(type: "INTEGER", nullable: false),
                    UsesChoices = table.Column<bool>(type: "INTEGER", nullable: false),
                    ExpiresMinutes = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiryText = table.Column<string>(type: "TEXT", maxLength: 900, nullable: true),
                    LeastHours = table.Column<int>(type: "INTEGER", nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DeletedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Surveys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_TakenTickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: false),
                    ToId = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_TakenTickets", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Cycles_AcceptedAt",
                table: "tickets_Cycles",
                column: "AcceptedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Cycles_ClosedMinute",
                table: "tickets_Cycles",
                column: "ClosedMinute");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Cycles_FirstResponseAt",
                table: "tickets_Cycles",
                column: "FirstResponseAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Cycles_QueuedMinute",
                table: "tickets_Cycles",
                column: "QueuedMinute");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Contacts_CreatedAt",
                table: "contacts_Contacts",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_SurveyRequests_Due",
                table: "tickets_SurveyRequests",
                column: "ExpiresAt",
                filter: "\"State\" IN ('Sent', 'AskedWhy')");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SurveyRequests_ContactId_SentAt",
                table: "tickets_SurveyRequests",
                columns: new[] { "ContactId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SurveyRequests_SentAt_Id",
                table: "tickets_SurveyRequests",
                columns: new[] { "SentAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SurveyRequests_SurveyId",
                table: "tickets_SurveyRequests",
                column: "SurveyId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SurveyRequests_TicketId",
                table: "tickets_SurveyRequests",
                column: "TicketId");

            migrationBuilder.CreateIndex(
                name: "UX_SurveyRequests_Open",
                table: "tickets_SurveyRequests",
                columns: new[] { "ChannelId", "ContactId" },
                unique: true,
                filter: "\"State\" IN ('Sent', 'AskedWhy')");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Surveys_Name",
                table: "tickets_Surveys",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_TakenTickets_UserId_At",
                table: "tickets_TakenTickets",
                columns: new[] { "UserId", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "tickets_SurveyRequests");

            migrationBuilder.DropTable(
                name: "tickets_Surveys");

            migrationBuilder.DropTable(
                name: "tickets_TakenTickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Cycles_AcceptedAt",
                table: "tickets_Cycles");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Cycles_ClosedMinute",
                table: "tickets_Cycles");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Cycles_FirstResponseAt",
                table: "tickets_Cycles");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Cycles_QueuedMinute",
                table: "tickets_Cycles");

            migrationBuilder.DropIndex(
                name: "IX_contacts_Contacts_CreatedAt",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "SurveyUntil",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "SendSurvey",
                table: "tickets_QuietRules");

            migrationBuilder.DropColumn(
                name: "ClosedMinute",
                table: "tickets_Cycles");

            migrationBuilder.DropColumn(
                name: "IsGroup",
                table: "tickets_Cycles");

            migrationBuilder.DropColumn(
                name: "QueuedMinute",
                table: "tickets_Cycles");
        }
    }
}
