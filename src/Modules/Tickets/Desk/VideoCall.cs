using System.Security.Cryptography;
using Inforzap.Contracts.Settings;

namespace Inforzap.Tickets.Desk;

/// <summary>Links to rooms for video calls. Whoever knows the link comes in, so nobody may guess it.</summary>
internal static class VideoCall
{
    private const int RoomBytes = 16;

    /// <summary>The company has somewhere to make rooms.</summary>
    public static bool IsOffered(ISettings settings) => settings.Get(Setting.VideoCallUrl).Length > 0;

    /// <summary>A room that was never named before.</summary>
    public static string NewLink(ISettings settings) => $"{settings.Get(Setting.VideoCallUrl).TrimEnd('/')}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RoomBytes))}";
}
