using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Sessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Author",
                schema: "tickets",
                table: "Messages",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "CameFrom",
                schema: "contacts",
                table: "Contacts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Account",
                schema: "channels",
                table: "ChannelHealth",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Alarm",
                schema: "channels",
                table: "ChannelHealth",
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AlarmAt",
                schema: "channels",
                table: "ChannelHealth",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Link",
                schema: "channels",
                table: "ChannelHealth",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Pairing",
                schema: "channels",
                table: "ChannelHealth",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "PairingUntil",
                schema: "channels",
                table: "ChannelHealth",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Session",
                schema: "channels",
                table: "ChannelHealth",
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SessionReason",
                schema: "channels",
                table: "ChannelHealth",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "SessionSince",
                schema: "channels",
                table: "ChannelHealth",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "TroubleSince",
                schema: "channels",
                table: "ChannelHealth",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "UnreachableReason",
                schema: "contacts",
                table: "Addresses",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "UnreachableSince",
                schema: "contacts",
                table: "Addresses",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ChannelEvents",
                schema: "channels",
                columns: table => new
                {
                    Position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ChannelId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Payload = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChannelEvents", x => x.Position);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ChannelEvents_ChannelId_Position",
                schema: "channels",
                table: "ChannelEvents",
                columns: new[] { "ChannelId", "Position" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChannelEvents",
                schema: "channels");

            migrationBuilder.DropColumn(
                name: "Author",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "CameFrom",
                schema: "contacts",
                table: "Contacts");

            migrationBuilder.DropColumn(
                name: "Account",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Alarm",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "AlarmAt",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Link",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Pairing",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "PairingUntil",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Session",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "SessionReason",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "SessionSince",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "TroubleSince",
                schema: "channels",
                table: "ChannelHealth");

            migrationBuilder.DropColumn(
                name: "UnreachableReason",
                schema: "contacts",
                table: "Addresses");

            migrationBuilder.DropColumn(
                name: "UnreachableSince",
                schema: "contacts",
                table: "Addresses");
        }
    }
}
