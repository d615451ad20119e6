using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ChannelsAndHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FirstSeq",
                table: "tickets_Tickets",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "Place",
                table: "tickets_Messages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "contacts_BookSyncs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TagId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OwnerId = table.Column<Guid>(type: "TEXT", nullable: true),
                    TakesNames = table.Column<bool>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Expected = table.Column<int>(type: "INTEGER", nullable: false),
                    Read = table.Column<int>(type: "INTEGER", nullable: false),
                    Added = table.Column<int>(type: "INTEGER", nullable: false),
                    Renamed = table.Column<int>(type: "INTEGER", nullable: false),
                    Known = table.Column<int>(type: "INTEGER", nullable: false),
                    Numberless = table.Column<int>(type: "INTEGER", nullable: false),
                    Erased = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contacts_BookSyncs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_ChargePrices",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Category = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    Amount = table.Column<decimal>(type: "TEXT", precision: 18, scale: 6, nullable: false),
                    Since = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_ChargePrices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_HistorySyncs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ContactId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Limit = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Read = table.Column<int>(type: "INTEGER", nullable: false),
                    Added = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    By = table.Column<Guid>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_HistorySyncs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "tickets_MessageCharges",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Category = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    IsBillable = table.Column<bool>(type: "INTEGER", nullable: true),
                    Model = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets_MessageCharges", x => x.MessageId);
                });

            // Messages that there are stand where they stood; custom roles go on seeing groups, which is a permission of its own from now on.
            migrationBuilder.Sql("""UPDATE "tickets_Messages" SET "Place" = "Seq" * 4294967296""");
            migrationBuilder.Sql("""
                INSERT INTO "identity_RolePermissions" ("RoleId", "Permission")
                SELECT "RoleId", 'tickets.groups' FROM "identity_RolePermissions" AS r WHERE "Permission" = 'tickets.see'
                    AND NOT EXISTS (SELECT 1 FROM "identity_RolePermissions" AS h WHERE h."RoleId" = r."RoleId" AND h."Permission" = 'tickets.groups');
                """);

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Messages_TicketId_Place",
                table: "tickets_Messages",
                columns: new[] { "TicketId", "Place" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contacts_BookSyncs_AskedAt",
                table: "contacts_BookSyncs",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "UX_BookSyncs_Running",
                table: "contacts_BookSyncs",
                column: "ChannelId",
                unique: true,
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ChargePrices_Category_ChannelId_Since",
                table: "tickets_ChargePrices",
                columns: new[] { "Category", "ChannelId", "Since" });

            migrationBuilder.CreateIndex(
                name: "IX_HistorySyncs_Conversation",
                table: "tickets_HistorySyncs",
                columns: new[] { "ChannelId", "ContactId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "UX_HistorySyncs_Running",
                table: "tickets_HistorySyncs",
                columns: new[] { "ChannelId", "ContactId" },
                unique: true,
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MessageCharges_Day_ChannelId",
                table: "tickets_MessageCharges",
                columns: new[] { "Day", "ChannelId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contacts_BookSyncs");

            migrationBuilder.DropTable(
                name: "tickets_ChargePrices");

            migrationBuilder.DropTable(
                name: "tickets_HistorySyncs");

            migrationBuilder.DropTable(
                name: "tickets_MessageCharges");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Messages_TicketId_Place",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "FirstSeq",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "Place",
                table: "tickets_Messages");
        }
    }
}
