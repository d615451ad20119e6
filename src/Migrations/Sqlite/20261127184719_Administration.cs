using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Administration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_Queues_Name",
                table: "tickets_Queues");

            migrationBuilder.AddColumn<Guid>(
                name: "ReturnedBy",
                table: "tickets_Tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AbsenceFrom",
                table: "tickets_Queues",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AbsenceMovesOpen",
                table: "tickets_Queues",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "AbsenceQueueId",
                table: "tickets_Queues",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AbsenceTo",
                table: "tickets_Queues",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeletedAt",
                table: "tickets_Queues",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Distribution",
                table: "tickets_Queues",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<int>(
                name: "FirstResponseMinutes",
                table: "tickets_Queues",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MaxPerUser",
                table: "tickets_Queues",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastGivenAt",
                table: "tickets_QueueMembers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AccessHours",
                table: "identity_Users",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "DefaultChannelId",
                table: "identity_Users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeletedAt",
                table: "identity_Users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsOnline",
                table: "identity_Users",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastSeenAt",
                table: "identity_Users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MaxOpenTickets",
                table: "identity_Users",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Presence",
                table: "identity_Users",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "Online");

            migrationBuilder.AddColumn<Guid>(
                name: "RoleId",
                table: "identity_Users",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "core_Audit",
                columns: table => new
                {
                    Position = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    By = table.Column<Guid>(type: "TEXT", nullable: true),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 120, nullable: true),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    SubjectId = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Verb = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Changes = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_core_Audit", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "identity_RolePermissions",
                columns: table => new
                {
                    RoleId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Permission = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_RolePermissions", x => new { x.RoleId, x.Permission });
                });

            migrationBuilder.CreateTable(
                name: "identity_Roles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Description = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Base = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_Roles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "identity_TeamMembers",
                columns: table => new
                {
                    TeamId = table.Column<Guid>(type: "TEXT", nullable: false),
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_TeamMembers", x => new { x.TeamId, x.UserId });
                });

            migrationBuilder.CreateTable(
                name: "identity_Teams",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Color = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    LeaderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    SearchText = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_Teams", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "identity_UserChannels",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChannelId = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_UserChannels", x => new { x.UserId, x.ChannelId });
                });

            migrationBuilder.CreateTable(
                name: "identity_UserPermissions",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Permission = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    IsGranted = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_UserPermissions", x => new { x.UserId, x.Permission });
                });

            migrationBuilder.InsertData(
                table: "tickets_Counters",
                columns: new[] { "Name", "Value" },
                values: new object[] { "distribution", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Queues_Name",
                table: "tickets_Queues",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_identity_Users_RoleId",
                table: "identity_Users",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_core_Audit_At",
                table: "core_Audit",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_core_Audit_By_Position",
                table: "core_Audit",
                columns: new[] { "By", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_core_Audit_Kind_SubjectId_Position",
                table: "core_Audit",
                columns: new[] { "Kind", "SubjectId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_identity_Roles_Name",
                table: "identity_Roles",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_identity_TeamMembers_UserId",
                table: "identity_TeamMembers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_identity_Teams_Name",
                table: "identity_Teams",
                column: "Name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_Audit");

            migrationBuilder.DropTable(
                name: "identity_RolePermissions");

            migrationBuilder.DropTable(
                name: "identity_Roles");

            migrationBuilder.DropTable(
                name: "identity_TeamMembers");

            migrationBuilder.DropTable(
                name: "identity_Teams");

            migrationBuilder.DropTable(
                name: "identity_UserChannels");

            migrationBuilder.DropTable(
                name: "identity_UserPermissions");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Queues_Name",
                table: "tickets_Queues");

            migrationBuilder.DropIndex(
                name: "IX_identity_Users_RoleId",
                table: "identity_Users");

            migrationBuilder.DeleteData(
                table: "tickets_Counters",
                keyColumn: "Name",
                keyValue: "distribution");

            migrationBuilder.DropColumn(
                name: "ReturnedBy",
                table: "tickets_Tickets");

            migrationBuilder.DropColumn(
                name: "AbsenceFrom",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceMovesOpen",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceQueueId",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceTo",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "Distribution",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "FirstResponseMinutes",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "MaxPerUser",
                table: "tickets_Queues");

            migrationBuilder.DropColumn(
                name: "LastGivenAt",
                table: "tickets_QueueMembers");

            migrationBuilder.DropColumn(
                name: "AccessHours",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "DefaultChannelId",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "IsOnline",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "LastSeenAt",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "MaxOpenTickets",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "Presence",
                table: "identity_Users");

            migrationBuilder.DropColumn(
                name: "RoleId",
                table: "identity_Users");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Queues_Name",
                table: "tickets_Queues",
                column: "Name",
                unique: true);
        }
    }
}
