using System.Net;
using SyncMcp.Client;
using SyncMcp.Tools;

namespace SyncMcp.Settings;

/// <summary>What may stand in each setting: its meaning, or what is wrong with it.</summary>
internal static class Values
{
    public static (Uri? Value, string? Wrong) Url(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) || uri.Host.Length == 0
            ? (null, "is no address of a server: write it like https://sync.example.com:8181")
        : uri.UserInfo.Length > 0
            ? (null, "holds a name or password: leave it out and set SYNCMCP_TOKEN")
        : uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? (null, "has something behind ? or #: write it like https://sync.example.com:8181")
        : (uri, null);

    // Never quoted: it may hold a password. A proxy without an address stands for none.
    public static (WebProxy? Value, string? Wrong) Proxy(string text)
    {
        if (text == "none")
            return (new(), null);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5") || uri.PathAndQuery != "/")
            return (null, "is no address of a proxy: write it like http://proxy.example.com:8080, or none");
        var proxy = new WebProxy(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(rest.FirstOrDefault() ?? ""));
        return (proxy, null);
    }

    public static (TokenPlace? Value, string? Wrong) Auth(string text) => text switch
    {
        "header" => (TokenPlace.Header, null),
        "basic" => (TokenPlace.Basic, null),
        _ => (null, $"is {Quote(text)}; it is header (x-cdata-authtoken) or basic (the token as password)"),
    };

    public static (string? Value, string? Wrong) ExistingFile(string text)
    {
        var (path, wrong) = Full(text);
        return wrong is null && !File.Exists(path) ? (null, $"is {path}, and no file is there") : (path, wrong);
    }

    // Never quoted: it is a secret.
    public static (string? Value, string? Wrong) Token(string text) =>
        text.Any(character => character is <= ' ' or > '~')
            ? (null, "holds a space or a character that no token has: was more copied than the token?")
            : (text, null);

    public static (string? Value, string? Wrong) Workspace(string text) =>
        text.Length > Client.Limits.Name || text.Any(char.IsControl)
            ? (null, $"is no name or id of a workspace: at most {Client.Limits.Name} characters, no control characters")
            : (text, null);

    public static (Mode? Value, string? Wrong) Mode(string text) =>
        Array.Find(Enum.GetValues<Mode>(), mode => Word(mode) == text) is var found && Word(found) == text
            ? (found, null)
            : (null, $"is {Quote(text)}; it is one of read-only, guarded, unattended");

    public static (Surface? Value, string? Wrong) Surface(string text) =>
        Array.Find(Enum.GetValues<Surface>(), surface => Surfaces.Word(surface) == text) is var found && Surfaces.Word(found) == text
            ? (found, null)
            : (null, $"is {Quote(text)}; it is one of auto, full, compact");

    public static (IReadOnlyList<string>? Value, string? Wrong) Toolsets(string text) =>
        Names(text, "toolset", ToolList.Toolsets, name => ToolList.Toolsets.FirstOrDefault(toolset => toolset.Equals(name, StringComparison.OrdinalIgnoreCase)));

    public static (IReadOnlyList<string>? Value, string? Wrong) Tools(string text) =>
        Names(text, "tool", [.. ToolList.Names], name => Catalogue.Find(name.ToLowerInvariant())?.Name ?? OwnTools.Find(name.ToLowerInvariant())?.Name);

    // A misspelled name must not quietly widen or narrow what is offered.
    private static (IReadOnlyList<string>? Value, string? Wrong) Names(string text, string what, IReadOnlyList<string> known, Func<string, string?> find)
    {
        var names = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(names, name => find(name) is null) is { } unknown ? (null, $"names {Quote(unknown)}, which is no {what}.{Nearest.Hint(unknown, known, '"')}")
            : names.Length == 0 ? (null, $"names no {what}")
            : ([.. names.Select(name => find(name)!).Distinct(StringComparer.Ordinal)], null);
    }

    public static (string? Value, string? Wrong) Folder(string text)
    {
        var (path, wrong) = Full(text);
        return File.Exists(path) ? (null, $"is {path}, which is a file: name a folder") : (path, wrong);
    }

    private static (string? Value, string? Wrong) Full(string text)
    {
        try
        {
            return (Path.GetFullPath(text), null);
        }
        catch (Exception ex) when (ex is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return (null, $"is no path: {ex.Message}");
        }
    }

    public static string Word(Mode mode) => Instructions.Word(mode);

    private static string Quote(string text) => $"\"{new string([.. text.Where(character => !char.IsControl(character)).Take(40)])}\"";
}
