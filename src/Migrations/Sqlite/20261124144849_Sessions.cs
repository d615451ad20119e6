using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Sessions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Author",
                table: "tickets_Messages",
                type: "TEXT",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "CameFrom",
                table: "contacts_Contacts",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "UnreachableReason",
                table: "contacts_Addresses",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "UnreachableSince",
                table: "contacts_Addresses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Account",
                table: "channels_ChannelHealth",
                type: "TEXT",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Alarm",
                table: "channels_ChannelHealth",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AlarmAt",
                table: "channels_ChannelHealth",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Link",
                table: "channels_ChannelHealth",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Pairing",
                table: "channels_ChannelHealth",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "PairingUntil",
                table: "channels_ChannelHealth",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Session",
                table: "channels_ChannelHealth",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SessionReason",
                table: "channels_ChannelHealth",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "SessionSince",
                table: "channels_ChannelHealth",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "TroubleSince",
                table: "channels_ChannelHealth",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "channels_ChannelEvents",
                columns: table => new
                {
                    Position = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Payload = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_channels_ChannelEvents", x => x.Position);
                });

            migrationBuilder.CreateIndex(
                name: "IX_channels_ChannelEvents_ChannelId_Position",
                table: "channels_ChannelEvents",
                columns: new[] { "ChannelId", "Position" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "channels_ChannelEvents");

            migrationBuilder.DropColumn(
                name: "Author",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "CameFrom",
                table: "contacts_Contacts");

            migrationBuilder.DropColumn(
                name: "UnreachableReason",
                table: "contacts_Addresses");

            migrationBuilder.DropColumn(
                name: "UnreachableSince",
                table: "contacts_Addresses");

            migrationBuilder.DropColumn(
                name: "Account",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Alarm",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "AlarmAt",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Link",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Pairing",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "PairingUntil",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "Session",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "SessionReason",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "SessionSince",
                table: "channels_ChannelHealth");

            migrationBuilder.DropColumn(
                name: "TroubleSince",
                table: "channels_ChannelHealth");
        }
    }
}
