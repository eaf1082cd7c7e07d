using System.Security.Cryptography;
using System.Text;

namespace SyncMcp.App;

/// <summary>
/// The page to look at: one HTML document, put together of its parts in web/ when somebody first asks for it. It holds no data and loads nothing; what it shows it reads through
/// tools, as whoever opened it.
/// </summary>
internal static class AppPage
{
    // In this order: each part uses what stands before it.
    private static readonly string[] Scripts = ["tree.js", "words.js", "bridge.js", "data.js", "timeline.js", "charts.js", "flow.js", "views.js", "main.js"];
    private static readonly Lazy<Parts> Made = new(Make);

    /// <summary>The document.</summary>
    public static ReadOnlyMemory<byte> Bytes => Made.Value.Bytes;

    /// <summary>The document as text.</summary>
    public static string Html => Encoding.UTF8.GetString(Made.Value.Bytes);

    /// <summary>What a browser lets it do: run its own script and style, call its own server. Text never becomes markup: no policy makes any.</summary>
    public static string Policy => Made.Value.Policy;

    /// <summary>Changes with the document.</summary>
    public static string ETag => Made.Value.ETag;

    private static Parts Make()
    {
        var (style, script) = ($"\n{Read("style.css")}", $"\n'use strict';\n(() => {{\n{string.Concat(Scripts.Select(Read))}}})();\n");
        var bytes = Encoding.UTF8.GetBytes(Read("index.html").Replace("/*style*/", style, StringComparison.Ordinal).Replace("/*script*/", script, StringComparison.Ordinal));
        var policy = string.Join("; ",
            "default-src 'none'", $"script-src '{Hash(script)}'", $"style-src '{Hash(style)}'", "connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
            "require-trusted-types-for 'script'", "trusted-types 'none'");
        return new(bytes, policy, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes), 0, 8)}\"");
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string part)
    {
        using var file = typeof(AppPage).Assembly.GetManifestResourceStream($"page/{part}") ?? throw new InvalidOperationException($"The page lacks {part}.");
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed record Parts(byte[] Bytes, string Policy, string ETag);
}
