using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SchedulesAndMerges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FilesGoneTo",
                table: "tickets_Tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "WordsGoneTo",
                table: "tickets_Tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTime>(
                name: "ForgottenAt",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "QueueId",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ServedBy",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "BirthDate",
                table: "contacts_Contacts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Document",
                table: "contacts_Contacts",
                type: "TEXT",
                maxLength: 14,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NameKey",
                table: "contacts_Contacts",
                type: "TEXT",
                maxLength: 120,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "contacts_ContactFields",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_ContactFields", x => new { x.ContactId, x.Key });
                    table.ForeignKey(
                        name: "FK_contacts_ContactFields_contacts_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "contacts_Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "contacts_FieldKeys",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Label = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_FieldKeys", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "contacts_Merges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    FromId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FromName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    IntoId = table.Column<Guid>(type: "TEXT", nullable: false),
                    IntoName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Kept = table.Column<string>(type: "TEXT", nullable: false),
                    UndoneAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_Merges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_ScheduleContacts",
                columns: table => new
                {
                    ScheduleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    RepliedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ScheduleContacts", x => new { x.ScheduleId, x.ContactId });
                });

            migrationBuilder.CreateTable(
                name: "tickets_ScheduleFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ScheduleId = table.Column<Guid>(type: "TEXT", nullable: true),
                    UploadedBy = table.Column<Guid>(type: "TEXT", nullable: false),
                    FileId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    MimeType = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ScheduleFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_ScheduleRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ScheduleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlannedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DueAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Since = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SeenAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ScheduleRuns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_Schedules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    AuthorId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    QueueId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Body = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Minute = table.Column<int>(type: "INTEGER", nullable: false),
                    FirstAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Unit = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Every = table.Column<int>(type: "INTEGER", nullable: false),
                    Until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Times = table.Column<int>(type: "INTEGER", nullable: true),
                    DayRule = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Sign = table.Column<bool>(type: "INTEGER", nullable: false),
                    Action = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: true),
                    CancelOnReply = table.Column<bool>(type: "INTEGER", nullable: false),
                    RepliesFrom = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    NextAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Runs = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Schedules", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Contacts_Document",
                table: "contacts_Contacts",
                column: "Document");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Contacts_NameKey",
                table: "contacts_Contacts",
                column: "NameKey");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_ContactFields_Key",
                table: "contacts_ContactFields",
                column: "Key");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Merges_At",
                table: "contacts_Merges",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Merges_IntoId",
                table: "contacts_Merges",
                column: "IntoId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleContacts_ContactId",
                table: "tickets_ScheduleContacts",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleFiles_FileId",
                table: "tickets_ScheduleFiles",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleFiles_ScheduleId_Position",
                table: "tickets_ScheduleFiles",
                columns: new[] { "ScheduleId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleRuns_ContactId",
                table: "tickets_ScheduleRuns",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleRuns_PlannedAt",
                table: "tickets_ScheduleRuns",
                column: "PlannedAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleRuns_ScheduleId_ContactId_PlannedAt",
                table: "tickets_ScheduleRuns",
                columns: new[] { "ScheduleId", "ContactId", "PlannedAt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ScheduleRuns_State_DueAt",
                table: "tickets_ScheduleRuns",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Schedules_AuthorId_State",
                table: "tickets_Schedules",
                columns: new[] { "AuthorId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Schedules_State_NextAt",
                table: "tickets_Schedules",
                columns: new[] { "State", "NextAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contacts_ContactFields");

            migrationBuilder.DropTable(
                name: "contacts_FieldKeys");

            migrationBuilder.DropTable(
                name: "contacts_Merges");

            migrationBuilder.DropTable(
                name: "tickets_ScheduleContacts");

            migrationBuilder.DropTable(
                name: "tickets_ScheduleFiles");

            migrationBuilder.DropTable(
                name: "tickets_ScheduleRuns");

            migrationBuilder.DropTable(
                name: "tickets_Schedules");

            migrationBuilder.DropIndex(
                name: "IX_contacts_Contacts_Document",
                table: "contacts_Contacts");

            migrationBuilder.DropIndex(
                name: "IX_contacts_Contacts_NameKey",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "FilesGoneTo",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "WordsGoneTo",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "ForgottenAt",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "QueueId",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "ServedBy",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "BirthDate",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "Document",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "NameKey",
                table: "contacts_Contacts");
        }
    }
}
