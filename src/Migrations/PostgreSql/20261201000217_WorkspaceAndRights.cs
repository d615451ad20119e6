using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class WorkspaceAndRights : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ErasedTo",
                schema: "tickets",
                table: "Tickets",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTime>(
                name: "OwnerUntil",
                schema: "tickets",
                table: "Tickets",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ErasedAt",
                schema: "contacts",
                table: "Contacts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "HeldAt",
                schema: "contacts",
                table: "Contacts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HoldReason",
                schema: "contacts",
                table: "Contacts",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Consents",
                schema: "contacts",
                columns: table => new
                {
                    Position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Purpose = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    IsGranted = table.Column<bool>(type: "boolean", nullable: false),
                    Source = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: true),
                    ByName = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: true),
                    TextVersion = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Consents", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "DeskViews",
                schema: "tickets",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Filter = table.Column<string>(type: "text", nullable: false),
                    OldestFirst = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeskViews", x => x.UserId);
                });

            migrationBuilder.CreateTable(
                name: "Erasures",
                schema: "contacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Protocol = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: false),
                    ByName = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DoneAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Step = table.Column<int>(type: "integer", nullable: false),
                    Cursor = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    Keys = table.Column<string>(type: "text", nullable: false),
                    Tickets = table.Column<int>(type: "integer", nullable: false),
                    Messages = table.Column<int>(type: "integer", nullable: false),
                    Files = table.Column<int>(type: "integer", nullable: false),
                    Schedules = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Erasures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Owners",
                schema: "contacts",
                columns: table => new
                {
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Order = table.Column<int>(type: "integer", nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Owners", x => new { x.ContactId, x.UserId });
                    table.ForeignKey(
                        name: "FK_Owners_Contacts_ContactId",
                        column: x => x.ContactId,
                        principalSchema: "contacts",
                        principalTable: "Contacts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "PersonExports",
                schema: "contacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: false),
                    ByName = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Written = table.Column<int>(type: "integer", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    FileId = table.Column<Guid>(type: "uuid", nullable: true),
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PersonExports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SavedFilters",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    UserId = table.Column<Guid>(type: "uuid", nullable: false),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SearchText = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Filter = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedFilters", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Stickers",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    FileId = table.Column<Guid>(type: "uuid", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    AddedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Stickers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Templates",
                schema: "channels",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Category = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: false),
                    SearchText = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Templates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Tombstones",
                schema: "core",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tombstones", x => x.Hash);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Groups",
                schema: "tickets",
                table: "Tickets",
                columns: new[] { "Status", "LastMessageAt", "Number" },
                descending: new[] { false, true, true },
                filter: "\"IsGroup\"");

            migrationBuilder.CreateIndex(
                name: "IX_Tickets_Waiting",
                schema: "tickets",
                table: "Tickets",
                columns: new[] { "Status", "QueuedAt", "Number" },
                filter: "\"Status\" = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "IX_Consents_ContactId_Purpose_Position",
                schema: "contacts",
                table: "Consents",
                columns: new[] { "ContactId", "Purpose", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Erasures_AskedAt",
                schema: "contacts",
                table: "Erasures",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Erasures_ContactId",
                schema: "contacts",
                table: "Erasures",
                column: "ContactId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Owners_UserId",
                schema: "contacts",
                table: "Owners",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_PersonExports_AskedAt",
                schema: "contacts",
                table: "PersonExports",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "IX_PersonExports_ContactId",
                schema: "contacts",
                table: "PersonExports",
                column: "ContactId");

            migrationBuilder.CreateIndex(
                name: "IX_PersonExports_FileId",
                schema: "contacts",
                table: "PersonExports",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_SavedFilters_UserId_Place",
                schema: "tickets",
                table: "SavedFilters",
                columns: new[] { "UserId", "Place" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SavedFilters_UserId_SearchText",
                schema: "tickets",
                table: "SavedFilters",
                columns: new[] { "UserId", "SearchText" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Stickers_FileId",
                schema: "tickets",
                table: "Stickers",
                column: "FileId");

            migrationBuilder.CreateIndex(
                name: "IX_Stickers_Hash",
                schema: "tickets",
                table: "Stickers",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Templates_ChannelId_Name_Language",
                schema: "channels",
                table: "Templates",
                columns: new[] { "ChannelId", "Name", "Language" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Consents",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "DeskViews",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Erasures",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "Owners",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "PersonExports",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "SavedFilters",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Stickers",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "Templates",
                schema: "channels");

            migrationBuilder.DropTable(
                name: "Tombstones",
                schema: "core");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Groups",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropIndex(
                name: "IX_Tickets_Waiting",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "ErasedTo",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "OwnerUntil",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "HeldAt",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "HoldReason",
                schema: "contacts",
                table: "Contacts");
        }
    }
}
