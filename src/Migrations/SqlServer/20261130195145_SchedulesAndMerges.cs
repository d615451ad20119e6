using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class SchedulesAndMerges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FilesGoneTo",
                schema: "tickets",
                table: "Tickets",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "WordsGoneTo",
                schema: "tickets",
                table: "Tickets",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTime>(
                name: "ForgottenAt",
                schema: "tickets",
                table: "Messages",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "QueueId",
                schema: "tickets",
                table: "Messages",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ServedBy",
                schema: "tickets",
                table: "Messages",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "BirthDate",
                schema: "contacts",
                table: "Contacts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Document",
                schema: "contacts",
                table: "Contacts",
                type: "nvarchar(14)",
                maxLength: 14,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NameKey",
                schema: "contacts",
                table: "Contacts",
                type: "nvarchar(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ContactFields",
                schema: "contacts",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Key = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Label = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ContactFields", x => new { x.ContactId, x.Key });
                    table.ForeignKey(
                        name: "FK_ContactFields_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalSchema: "contacts",
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "FieldKeys",
                schema: "contacts",
                columns: table => new
                {
                    Key = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Label = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FieldKeys", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Merges",
                schema: "contacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    FromId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    FromName = table.Column<string>(type: "nvarchar(120)", maxLength: 120, nullable: false),
                    IntoId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    IntoName = table.Column<string>(type: "nvarchar(120)", maxLength: 120, nullable: false),
                    At = table.Column<DateTime>(type: "datetime2", nullable: false),
                    By = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ByName = table.Column<string>(type: "nvarchar(120)", maxLength: 120, nullable: false),
                    Kept = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    UndoneAt = table.Column<DateTime>(type: "datetime2", nullable: true),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Merges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ScheduleContacts",
                schema: "tickets",
                columns: table => new
                {
                    ScheduleId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ContactId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false),
                    RepliedAt = table.Column<DateTime>(type: "datetime2", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ScheduleContacts", x => new { x.ScheduleId, x.ContactId });
                });

            migrationBuilder.CreateTable(
                name: "ScheduleFiles",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ScheduleId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    UploadedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    FileId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false),
                    MimeType = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Position = table.Column<int>(type: "int", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ScheduleFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ScheduleRuns",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ScheduleId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ContactId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    PlannedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    DueAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Since = table.Column<DateTime>(type: "datetime2", nullable: false),
                    State = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    Cause = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true),
                    MessageId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    TicketId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    SentAt = table.Column<DateTime>(type: "datetime2", nullable: true),
                    SeenAt = table.Column<DateTime>(type: "datetime2", nullable: true),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ScheduleRuns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Schedules",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Title = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    AuthorId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    QueueId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Body = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Minute = table.Column<int>(type: "int", nullable: false),
                    FirstAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Unit = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Every = table.Column<int>(type: "int", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    Times = table.Column<int>(type: "int", nullable: true),
                    DayRule = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Sign = table.Column<bool>(type: "bit", nullable: false),
                    Action = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    CancelOnReply = table.Column<bool>(type: "bit", nullable: false),
                    RepliesFrom = table.Column<DateTime>(type: "datetime2", nullable: false),
                    State = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    NextAt = table.Column<DateTime>(type: "datetime2", nullable: true),
                    Revision = table.Column<int>(type: "int", nullable: false),
                    Runs = table.Column<int>(type: "int", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    SearchText = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Schedules", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Contacts_Document",
                schema: "contacts",
                table: "Contacts",
                column: "Document");

            migrationBuilder.CreateIndex(
                name: "IX_Contacts_NameKey",
                schema: "contacts",
                table: "Contacts",
                column: "NameKey");

            migrationBuilder.CreateIndex(
                name: "IX_ContactFields_Key",
                schema: "contacts",
                table: "ContactFields",
                column: "Key");

            migrationBuilder.CreateIndex(
                name: "IX_Merges_At",
                schema: "contacts",
                table: "Merges",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Merges_IntoId",
                schema: "contacts",
                table: "Merges",
                column: "IntoId");

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleContacts_ContactId",
                schema: "tickets",
                table: "ScheduleContacts",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleFiles_FileId",
                schema: "tickets",
                table: "ScheduleFiles",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleFiles_ScheduleId_Position",
                schema: "tickets",
                table: "ScheduleFiles",
                columns: new[] { "ScheduleId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleRuns_ContactId",
                schema: "tickets",
                table: "ScheduleRuns",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleRuns_PlannedAt",
                schema: "tickets",
                table: "ScheduleRuns",
                column: "PlannedAt");

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleRuns_ScheduleId_ContactId_PlannedAt",
                schema: "tickets",
                table: "ScheduleRuns",
                columns: new[] { "ScheduleId", "ContactId", "PlannedAt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ScheduleRuns_State_DueAt",
                schema: "tickets",
                table: "ScheduleRuns",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Schedules_AuthorId_State",
                schema: "tickets",
                table: "Schedules",
                columns: new[] { "AuthorId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Schedules_State_NextAt",
                schema: "tickets",
                table: "Schedules",
                columns: new[] { "State", "NextAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ContactFields",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "FieldKeys",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "Merges",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "ScheduleContacts",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ScheduleFiles",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "ScheduleRuns",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Schedules",
                schema: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_Contacts_Document",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropIndex(
                name: "IX_Contacts_NameKey",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "FilesGoneTo",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "WordsGoneTo",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "ForgottenAt",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "QueueId",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ServedBy",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "BirthDate",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "Document",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "NameKey",
                schema: "contacts",
                table: "Contacts");
        }
    }
}
