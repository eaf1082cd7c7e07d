using System.Text.RegularExpressions;

namespace SyncMcp.Engine.Events;

/// <summary>
/// Which language a script is written in. Nothing says it but the text: APIScript is XML and begins with <c>&lt;</c>; Python shows itself in its first
/// line that is neither blank nor a JavaScript comment; all else is taken for JavaScript.
/// </summary>
internal static partial class ScriptLanguage
{
    /// <summary>The language that the embedded engine does not run; null for JavaScript.</summary>
    public static string? Foreign(string script)
    {
        foreach (var line in script.TrimStart('\uFEFF').Split('\n').Select(line => line.Trim()))
        {
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (line[0] == '<')
                return "APIScript";
            return Python().IsMatch(line) ? "Python" : null;
        }

        return null;
    }

    [GeneratedRegex(@"^(#|import\s+\w[\w.]*(\s+as\s+\w+)?\s*(,.*)?$|from\s+[\w.]+\s+import\b|(async\s+)?def\s+\w+\s*\(|class\s+\w+\s*(\(.*\))?:|(if|for|while|with|try)\b[^{]*:\s*(#.*)?$|print\s*\(|@\w+\s*$|""""""|''')", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Python();
}
