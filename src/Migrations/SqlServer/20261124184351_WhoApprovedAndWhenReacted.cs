using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class WhoApprovedAndWhenReacted : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "ApprovedAt",
                schema: "channels",
                table: "Plugins",
                type: "datetime2",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ApprovedBy",
                schema: "channels",
                table: "Plugins",
                type: "uniqueidentifier",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "ReactedAt",
                schema: "tickets",
                table: "Messages",
                type: "datetime2",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ApprovedAt",
                schema: "channels",
                table: "Plugins");

            migrationBuilder.DropColumn(
                name: "ApprovedBy",
                schema: "channels",
                table: "Plugins");

            migrationBuilder.DropColumn(
                name: "ReactedAt",
                schema: "tickets",
                table: "Messages");
        }
    }
}
