using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Administration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Queues_Name",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.AddColumn<string>(
                name: "AccessHours",
                schema: "identity",
                table: "Users",
                type: "nvarchar(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "DefaultChannelId",
                schema: "identity",
                table: "Users",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeletedAt",
                schema: "identity",
                table: "Users",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsOnline",
                schema: "identity",
                table: "Users",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastSeenAt",
                schema: "identity",
                table: "Users",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MaxOpenTickets",
                schema: "identity",
                table: "Users",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Presence",
                schema: "identity",
                table: "Users",
                type: "varchar(32)",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "Online");

            migrationBuilder.AddColumn<Guid>(
                name: "RoleId",
                schema: "identity",
                table: "Users",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ReturnedBy",
                schema: "tickets",
                table: "Tickets",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AbsenceFrom",
                schema: "tickets",
                table: "Queues",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "AbsenceMovesOpen",
                schema: "tickets",
                table: "Queues",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "AbsenceQueueId",
                schema: "tickets",
                table: "Queues",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "AbsenceTo",
                schema: "tickets",
                table: "Queues",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "DeletedAt",
                schema: "tickets",
                table: "Queues",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Distribution",
                schema: "tickets",
                table: "Queues",
                type: "varchar(32)",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<int>(
                name: "FirstResponseMinutes",
                schema: "tickets",
                table: "Queues",
                type: "int",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MaxPerUser",
                schema: "tickets",
                table: "Queues",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastGivenAt",
                schema: "tickets",
                table: "QueueMembers",
                type: "datetime2",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Audit",
                schema: "core",
                columns: table => new
                {
                    Position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    At = table.Column<DateTime>(type: "datetime2", nullable: false),
                    By = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ByName = table.Column<string>(type: "nvarchar(120)", maxLength: 120, nullable: true),
                    Kind = table.Column<string>(type: "nvarchar(30)", maxLength: 30, nullable: false),
                    SubjectId = table.Column<string>(type: "nvarchar(80)", maxLength: 80, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Subject = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    SearchText = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: false),
                    Verb = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Changes = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Position);
                });

            migrationBuilder.CreateTable(
                name: "RolePermissions",
                schema: "identity",
                columns: table => new
                {
                    RoleId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Permission = table.Column<string>(type: "nvarchar(80)", maxLength: 80, nullable: false, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RolePermissions", x => new { x.RoleId, x.Permission });
                });

            migrationBuilder.CreateTable(
                name: "Roles",
                schema: "identity",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Description = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Base = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Roles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TeamMembers",
                schema: "identity",
                columns: table => new
                {
                    TeamId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TeamMembers", x => new { x.TeamId, x.UserId });
                });

            migrationBuilder.CreateTable(
                name: "Teams",
                schema: "identity",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Color = table.Column<string>(type: "nvarchar(7)", maxLength: 7, nullable: false),
                    LeaderId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    IsActive = table.Column<bool>(type: "bit", nullable: false),
                    SearchText = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Teams", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "UserChannels",
                schema: "identity",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ChannelId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UserChannels", x => new { x.UserId, x.ChannelId });
                });

            migrationBuilder.CreateTable(
                name: "UserPermissions",
                schema: "identity",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Permission = table.Column<string>(type: "nvarchar(80)", maxLength: 80, nullable: false, collation: "Latin1_General_100_BIN2"),
                    IsGranted = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UserPermissions", x => new { x.UserId, x.Permission });
                });

            migrationBuilder.InsertData(
                schema: "tickets",
                table: "Counters",
                columns: new[] { "Name", "Value" },
                values: new object[] { "distribution", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Users_RoleId",
                schema: "identity",
                table: "Users",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "IX_Queues_Name",
                schema: "tickets",
                table: "Queues",
                column: "Name",
                unique: true,
                filter: "\"DeletedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Audit_At",
                schema: "core",
                table: "Audit",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Audit_By_Position",
                schema: "core",
                table: "Audit",
                columns: new[] { "By", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_Kind_SubjectId_Position",
                schema: "core",
                table: "Audit",
                columns: new[] { "Kind", "SubjectId", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Roles_Name",
                schema: "identity",
                table: "Roles",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_TeamMembers_UserId",
                schema: "identity",
                table: "TeamMembers",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Teams_Name",
                schema: "identity",
                table: "Teams",
                column: "Name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit",
                schema: "core");

            migrationBuilder.DropTable(
                name: "RolePermissions",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "Roles",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "TeamMembers",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "Teams",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "UserChannels",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "UserPermissions",
                schema: "identity");

            migrationBuilder.DropIndex(
                name: "IX_Users_RoleId",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropIndex(
                name: "IX_Queues_Name",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DeleteData(
                schema: "tickets",
                table: "Counters",
                keyColumn: "Name",
                keyValue: "distribution");

            migrationBuilder.DropColumn(
                name: "AccessHours",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "DefaultChannelId",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "IsOnline",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "LastSeenAt",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "MaxOpenTickets",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "Presence",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "RoleId",
                schema: "identity",
                table: "Users");

            migrationBuilder.DropColumn(
                name: "ReturnedBy",
                schema: "tickets",
                table: "Tickets");

            migrationBuilder.DropColumn(
                name: "AbsenceFrom",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceMovesOpen",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceQueueId",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "AbsenceTo",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "Distribution",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "FirstResponseMinutes",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "MaxPerUser",
                schema: "tickets",
                table: "Queues");

            migrationBuilder.DropColumn(
                name: "LastGivenAt",
                schema: "tickets",
                table: "QueueMembers");

            migrationBuilder.CreateIndex(
                name: "IX_Queues_Name",
                schema: "tickets",
                table: "Queues",
                column: "Name",
                unique: true);
        }
    }
}
