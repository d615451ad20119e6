namespace Inforzap;

/// <summary>Texts of the kernel: Texts.resx is Portuguese, Texts.en.resx and Texts.es.resx the others.</summary>
public sealed class Texts;
