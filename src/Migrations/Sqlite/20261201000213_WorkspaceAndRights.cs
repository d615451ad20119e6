using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WorkspaceAndRights : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ErasedTo",
                table: "tickets_Tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTime>(
                name: "OwnerUntil",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ErasedAt",
                table: "contacts_Contacts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "HeldAt",
                table: "contacts_Contacts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HoldReason",
                table: "contacts_Contacts",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "channels_Templates",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Language = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Category = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Definition = table.Column<string>(type: "TEXT", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_channels_Templates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "contacts_Consents",
                columns: table => new
                {
                    Position = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Purpose = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    IsGranted = table.Column<bool>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    TextVersion = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_Consents", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "contacts_Erasures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Protocol = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DoneAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    Cursor = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    Keys = table.Column<string>(type: "TEXT", nullable: false),
                    Tickets = table.Column<int>(type: "INTEGER", nullable: false),
                    Messages = table.Column<int>(type: "INTEGER", nullable: false),
                    Files = table.Column<int>(type: "INTEGER", nullable: false),
                    Schedules = table.Column<int>(type: "INTEGER", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_Erasures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "contacts_Owners",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Order = table.Column<int>(type: "INTEGER", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_Owners", x => new { x.ContactId, x.UserId });
                    table.ForeignKey(
                        name: "FK_contacts_Owners_contacts_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalTable: "contacts_Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "contacts_PersonExports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Written = table.Column<int>(type: "INTEGER", nullable: false),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    FileId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Until = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_PersonExports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "core_Tombstones",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_core_Tombstones", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "tickets_DeskViews",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Filter = table.Column<string>(type: "TEXT", nullable: false),
                    OldestFirst = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_DeskViews", x => x.UserId);
                });

            migrationBuilder.CreateTable(
                name: "tickets_SavedFilters",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Place = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Filter = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_SavedFilters", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_Stickers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    FileId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    AddedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_Stickers", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Groups",
                table: "tickets_Tickets",
                columns: new[] { "Status", "LastMessageAt", "Number" },
                descending: new[] { false, true, true },
                filter: "\"IsGroup\"");

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Waiting",
                table: "tickets_Tickets",
                columns: new[] { "Status", "QueuedAt", "Number" },
                filter: "\"Status\" = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "IX_channels_Templates_ChannelId_Name_Language",
                table: "channels_Templates",
                columns: new[] { "ChannelId", "Name", "Language" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Consents_ContactId_Purpose_Position",
                table: "contacts_Consents",
                columns: new[] { "ContactId", "Purpose", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Erasures_AskedAt",
                table: "contacts_Erasures",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Erasures_ContactId",
                table: "contacts_Erasures",
                column: "ContactId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contacts_Owners_UserId",
                table: "contacts_Owners",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_PersonExports_AskedAt",
                table: "contacts_PersonExports",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_PersonExports_ContactId",
                table: "contacts_PersonExports",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_contacts_PersonExports_FileId",
                table: "contacts_PersonExports",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SavedFilters_UserId_Place",
                table: "tickets_SavedFilters",
                columns: new[] { "UserId", "Place" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SavedFilters_UserId_SearchText",
                table: "tickets_SavedFilters",
                columns: new[] { "UserId", "SearchText" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Stickers_FileId",
                table: "tickets_Stickers",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Stickers_Hash",
                table: "tickets_Stickers",
                column: "Hash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "channels_Templates");

            migrationBuilder.DropTable(
                name: "contacts_Consents");

            migrationBuilder.DropTable(
                name: "contacts_Erasures");

            migrationBuilder.DropTable(
                name: "contacts_Owners");

            migrationBuilder.DropTable(
                name: "contacts_PersonExports");

            migrationBuilder.DropTable(
                name: "core_Tombstones");

            migrationBuilder.DropTable(
                name: "tickets_DeskViews");

            migrationBuilder.DropTable(
                name: "tickets_SavedFilters");

            migrationBuilder.DropTable(
                name: "tickets_Stickers");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Groups",
                table: "tickets_Tickets");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Waiting",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "ErasedTo",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "OwnerUntil",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "HeldAt",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "HoldReason",
                table: "contacts_Contacts");
        }
    }
}
