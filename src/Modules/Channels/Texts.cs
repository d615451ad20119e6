namespace Inforzap.Channels;

/// <summary>Texts of this module: Texts.resx is Portuguese, Texts.en.resx and Texts.es.resx the others.</summary>
public sealed class Texts;
