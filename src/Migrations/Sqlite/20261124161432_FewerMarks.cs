using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Inforzap.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FewerMarks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_core_LaneItems_State_DoneAt",
                table: "core_LaneItems");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Sending",
                table: "tickets_Messages",
                column: "AttemptDeadline",
                filter: "\"State\" = 'Sending'");

            migrationBuilder.CreateIndex(
                name: "IX_Messages_Unsure",
                table: "tickets_Messages",
                column: "CreatedAt",
                filter: "\"State\" IN ('Failed', 'Unknown')");

            migrationBuilder.CreateIndex(
                name: "IX_LaneItems_Parked",
                table: "core_LaneItems",
                column: "Position",
                filter: "\"State\" = 'Parked'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Messages_Sending",
                table: "tickets_Messages");

            migrationBuilder.DropIndex(
                name: "IX_Messages_Unsure",
                table: "tickets_Messages");

            migrationBuilder.DropIndex(
                name: "IX_LaneItems_Parked",
                table: "core_LaneItems");

            migrationBuilder.CreateIndex(
                name: "IX_core_LaneItems_State_DoneAt",
                table: "core_LaneItems",
                columns: new[] { "State", "DoneAt" });
        }
    }
}
