using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class WhatWeDoToMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Act",
                schema: "tickets",
                table: "Messages",
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ActId",
                schema: "tickets",
                table: "Messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ActReason",
                schema: "tickets",
                table: "Messages",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "AlbumId",
                schema: "tickets",
                table: "Messages",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "OurReaction",
                schema: "tickets",
                table: "Messages",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Act",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ActId",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "ActReason",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "AlbumId",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "OurReaction",
                schema: "tickets",
                table: "Messages");
        }
    }
}
