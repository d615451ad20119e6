using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WhatWeDoToMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Act",
                table: "tickets_Messages",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ActId",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ActReason",
                table: "tickets_Messages",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "AlbumId",
                table: "tickets_Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "OurReaction",
                table: "tickets_Messages",
                type: "TEXT",
                maxLength: 40,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Act",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "ActId",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "ActReason",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "AlbumId",
                table: "tickets_Messages");

            migrationBuilder.DropColumn(
                name: "OurReaction",
                table: "tickets_Messages");
        }
    }
}
