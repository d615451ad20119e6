namespace Inforzap.Contacts;

/// <summary>Texts of this module: Texts.resx is Portuguese, Texts.en.resx and Texts.es.resx the others.</summary>
public sealed class Texts;
