namespace Inforzap.Identity.TwoFactor;

/// <summary>The secret that a user's phone makes codes from. It counts once a code was right.</summary>
internal sealed class SecondFactor
{
    public Guid UserId { get; init; }
    /// <summary>Base32, encrypted.</summary>
    public required string Secret { get; set; }
    public DateTime MadeAt { get; set; }
    public DateTime? ConfirmedAt { get; set; }
    /// <summary>The 30 s step of the last code that was taken: no code is taken twice, nor an older one after it.</summary>
    public long LastStep { get; set; }
}

/// <summary>A code for the day the phone is lost. It works once; only its hash is kept.</summary>
internal sealed class RecoveryCode
{
    public Guid UserId { get; init; }
    public required string Hash { get; init; }
    public DateTime? UsedAt { get; set; }
}
