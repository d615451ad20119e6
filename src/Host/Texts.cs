namespace Inforzap.Host;

/// <summary>Texts of the shell: Texts.resx is Portuguese, Texts.en.resx and Texts.es.resx the others.</summary>
public sealed class Texts;
