using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class ChannelsAndHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FirstSeq",
                schema: "tickets",
                table: "Tickets",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "Place",
                schema: "tickets",
                table: "Messages",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "BookSyncs",
                schema: "contacts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    TagId = table.Column<Guid>(type: "uuid", nullable: true),
                    OwnerId = table.Column<Guid>(type: "uuid", nullable: true),
                    TakesNames = table.Column<bool>(type: "boolean", nullable: false),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Expected = table.Column<int>(type: "integer", nullable: false),
                    Read = table.Column<int>(type: "integer", nullable: false),
                    Added = table.Column<int>(type: "integer", nullable: false),
                    Renamed = table.Column<int>(type: "integer", nullable: false),
                    Known = table.Column<int>(type: "integer", nullable: false),
                    Numberless = table.Column<int>(type: "integer", nullable: false),
                    Erased = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    By = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BookSyncs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ChargePrices",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: true),
                    Category = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    Amount = table.Column<decimal>(type: "numeric(18,6)", precision: 18, scale: 6, nullable: false),
                    Since = table.Column<DateOnly>(type: "date", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChargePrices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "HistorySyncs",
                schema: "tickets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    TicketId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    ContactId = table.Column<Guid>(type: "uuid", nullable: false),
                    Limit = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false),
                    Read = table.Column<int>(type: "integer", nullable: false),
                    Added = table.Column<int>(type: "integer", nullable: false),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    By = table.Column<Guid>(type: "uuid", nullable: false),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HistorySyncs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MessageCharges",
                schema: "tickets",
                columns: table => new
                {
                    MessageId = table.Column<Guid>(type: "uuid", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    Category = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    IsBillable = table.Column<bool>(type: "boolean", nullable: true),
                    Model = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Day = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MessageCharges", x => x.MessageId);
                });

            // Messages that there are stand where they stood; custom roles go on seeing groups, which is a permission of its own from now on.
            // The table is written anew once, instead of a second version of each row beside the first.
            migrationBuilder.Sql("""ALTER TABLE tickets."Messages" ALTER COLUMN "Place" DROP DEFAULT, ALTER COLUMN "Place" TYPE bigint USING "Seq" * 4294967296""");
            migrationBuilder.Sql("""
                INSERT INTO identity."RolePermissions" ("RoleId", "Permission")
                SELECT "RoleId", 'tickets.groups' FROM identity."RolePermissions" AS r WHERE "Permission" = 'tickets.see'
                    AND NOT EXISTS (SELECT 1 FROM identity."RolePermissions" AS h WHERE h."RoleId" = r."RoleId" AND h."Permission" = 'tickets.groups');
                """);

            migrationBuilder.CreateIndex(
                name: "IX_Messages_TicketId_Place",
                schema: "tickets",
                table: "Messages",
                columns: new[] { "TicketId", "Place" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BookSyncs_AskedAt",
                schema: "contacts",
                table: "BookSyncs",
                column: "AskedAt");

            migrationBuilder.CreateIndex(
                name: "UX_BookSyncs_Running",
                schema: "contacts",
                table: "BookSyncs",
                column: "ChannelId",
                unique: true,
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_ChargePrices_Category_ChannelId_Since",
                schema: "tickets",
                table: "ChargePrices",
                columns: new[] { "Category", "ChannelId", "Since" });

            migrationBuilder.CreateIndex(
                name: "IX_HistorySyncs_Conversation",
                schema: "tickets",
                table: "HistorySyncs",
                columns: new[] { "ChannelId", "ContactId", "AskedAt" });

            migrationBuilder.CreateIndex(
                name: "UX_HistorySyncs_Running",
                schema: "tickets",
                table: "HistorySyncs",
                columns: new[] { "ChannelId", "ContactId" },
                unique: true,
                filter: "\"State\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_MessageCharges_Day_ChannelId",
                schema: "tickets",
                table: "MessageCharges",
                columns: new[] { "Day", "ChannelId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BookSyncs",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "ChargePrices",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "HistorySyncs",
                schema: "tickets");

            migrationBuilder.DropTable(
                name: "MessageCharges",
                schema: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_Messages_TicketId_Place",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "FirstSeq",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "Place",
                schema: "tickets",
                table: "Messages");
        }
    }
}
