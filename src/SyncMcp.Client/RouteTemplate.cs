using System.Text;

namespace SyncMcp.Client;

/// <summary>Routes such as <c>/jobs/{job_id}/tasks/{task_id}</c>.</summary>
internal static class RouteTemplate
{
    public static IReadOnlyList<string> Members(string route)
    {
        var members = new List<string>();
        for (var open = route.IndexOf('{'); open >= 0; open = route.IndexOf('{', open + 1))
            members.Add(route[(open + 1)..route.IndexOf('}', open)]);
        return members;
    }

    /// <summary>Fills the route; each value is percent-encoded whole, so that a table name may hold dots, slashes and blanks.</summary>
    public static string Fill(string route, Func<string, string> value)
    {
        var path = new StringBuilder(route.Length + 40);
        for (var at = 0; at < route.Length;)
        {
            var open = route.IndexOf('{', at);
            if (open < 0)
                return path.Append(route, at, route.Length - at).ToString();
            var close = route.IndexOf('}', open);
            path.Append(route, at, open - at).Append(EscapeSegment(value(route[(open + 1)..close])));
            at = close + 1;
        }

        return path.ToString();
    }

    // "." and ".." would be taken for folders by every URL parser, even percent-encoded; no id or table may be named so.
    private static string EscapeSegment(string text) => text is "" or "." or ".."
        ? throw new ArgumentException($"'{text}' cannot stand in a path.", nameof(text))
        : Uri.EscapeDataString(text);
}
