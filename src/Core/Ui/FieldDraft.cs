namespace Inforzap.Ui;

/// <summary>A line of <see cref="FieldsEditor"/> while somebody types.</summary>
public sealed class FieldDraft
{
    /// <summary>What it is called.</summary>
    public string Label { get; set; } = "";

    /// <summary>What is known.</summary>
    public string Value { get; set; } = "";
}
