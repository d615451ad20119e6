namespace Inforzap.Ui;

/// <summary>The connection to one browser tab. It breaks and comes back while the views behind it live on.</summary>
public sealed class Line
{
    /// <summary>It is back: whatever is on the screen may be behind.</summary>
    public event Action? Restored;

    /// <summary>Tells the views.</summary>
    public void Restore() => Restored?.Invoke();
}
