using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class QuickMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "settings_Variables",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Type = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 1300, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings_Variables", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_QuickFiles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    QuickMessageId = table.Column<Guid>(type: "TEXT", nullable: true),
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
                    table.PrimaryKey("PK_tickets_QuickFiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_QuickMessages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Shortcut = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Body = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: false),
                    Scope = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Category = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_QuickMessages", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_QuickQueues",
                columns: table => new
                {
                    QuickMessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                    QueueId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_QuickQueues", x => new { x.QuickMessageId, x.QueueId });
                });

            migrationBuilder.CreateTable(
                name: "tickets_QuickUses",
                columns: table => new
                {
                    QuickMessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_QuickUses", x => x.QuickMessageId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_settings_Variables_Key",
                table: "settings_Variables",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_QuickFiles_FileId",
                table: "tickets_QuickFiles",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_QuickFiles_QuickMessageId_Position",
                table: "tickets_QuickFiles",
                columns: new[] { "QuickMessageId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_QuickMessages_Scope_OwnerId_Shortcut",
                table: "tickets_QuickMessages",
                columns: new[] { "Scope", "OwnerId", "Shortcut" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_QuickQueues_QueueId",
                table: "tickets_QuickQueues",
                column: "QueueId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "settings_Variables");

            migrationBuilder.DropTable(
                name: "tickets_QuickFiles");

            migrationBuilder.DropTable(
                name: "tickets_QuickMessages");

            migrationBuilder.DropTable(
                name: "tickets_QuickQueues");

            migrationBuilder.DropTable(
                name: "tickets_QuickUses");
        }
    }
}
