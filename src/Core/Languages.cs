using System.Globalization;

namespace Inforzap;

/// <summary>The languages that the product speaks.</summary>
public static class Languages
{
    /// <summary>By name, the first one first.</summary>
    public static IReadOnlyList<string> All { get; } = ["pt-BR", "en", "es"];

    /// <summary>The language of this name; the first one for a name that nobody knows.</summary>
    public static CultureInfo Of(string? name) => CultureInfo.GetCultureInfo(name is not null && All.Contains(name) ? name : All[0]);

    /// <summary>Says something in this language, whatever the caller reads.</summary>
    public static T In<T>(string language, Func<T> say)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Of(language);
        try
        {
            return say();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
        }
    }

    /// <summary>The same for what takes time.</summary>
    public static async Task<T> InAsync<T>(string language, Func<Task<T>> say)
    {
        // Holds within this method only.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Of(language);
        return await say();
    }
}
