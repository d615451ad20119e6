using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class FewerMarks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LaneItems_State_DoneAt",
                schema: "core",
                table: "LaneItems");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Sending",
                schema: "tickets",
                table: "Messages",
                column: "AttemptDeadline",
                filter: "\"State\" = 'Sending'");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Unsure",
                schema: "tickets",
                table: "Messages",
                column: "CreatedAt",
                filter: "\"State\" IN ('Failed', 'Unknown')");

            migrationBuilder.CreateIndex(
                name: "IX_LaneItems_Parked",
                schema: "core",
                table: "LaneItems",
                column: "Position",
                filter: "\"State\" = 'Parked'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Messages_Sending",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropIndex(
                name: "IX_Messages_Unsure",
                schema: "tickets",
                table: "Messages");

            migrationBuilder.DropIndex(
                name: "IX_LaneItems_Parked",
                schema: "core",
                table: "LaneItems");

            migrationBuilder.CreateIndex(
                name: "IX_LaneItems_State_DoneAt",
                schema: "core",
                table: "LaneItems",
                columns: new[] { "State", "DoneAt" });
        }
    }
}
