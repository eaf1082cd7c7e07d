using System.Text;

namespace SyncMcp.Engine.Api;

/// <summary>A request that is refused, with the words that the caller reads.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code.</param>
/// <param name="message">Names the thing and the way out.</param>
/// <param name="inner">What led to it; logged, never sent.</param>
internal sealed class ApiException(int status, string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable code of the error body.</summary>
    public string Code { get; } = code;

    /// <summary>400: the request itself is wrong.</summary>
    public static ApiException Invalid(string message, string code = "invalid_request") => new(400, code, message);

    /// <summary>404: the route is there, the thing is not.</summary>
    public static ApiException NotFound(string kind, string id) => new(404, "not_found", $"There is no {kind} with the id `{Quote(id)}`.");

    /// <summary>Text of the caller as it may stand in a message: short and without control characters.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(Math.Min(text.Length, 101));
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length >= 100)
                return quoted.Append('…').ToString();
            quoted.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format ? "\uFFFD" : rune.ToString());
        }

        return quoted.ToString();
    }
}
