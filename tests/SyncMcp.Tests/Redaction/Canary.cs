using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SyncMcp.Tests.Redaction;

/// <summary>A secret made for one run of a test, and how to find it again in whatever spelling. Made here, so that no scanner of this repository finds one.</summary>
/// <param name="Kind">One of the twelve kinds.</param>
/// <param name="Value">As it is used.</param>
internal sealed record Canary(string Kind, string Value)
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>What must be found nowhere: the value's own random parts, none shorter than 12 letters.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [Value];

    /// <summary>A password; with signs that connection strings, JSON and addresses write in other ways.</summary>
    public static Canary Password(string kind, string signs = "") => new(kind, $"{Random(14)}{signs}{Random(3)}7");

    /// <summary>A private key of several lines.</summary>
    public static Canary Pem(string label)
    {
        string[] lines = [Random(64), Random(64), Random(30)];
        return new("private key", $"-----BEGIN {label}-----\n{string.Join('\n', lines)}\n-----END {label}-----") { Parts = lines };
    }

    /// <summary>A JSON web token.</summary>
    public static Canary Jwt()
    {
        var body = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"sub":"{{Random(20)}}"}"""));
        var signature = Random(43);
        return new("web token", $"{Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8)}.{body}.{signature}") { Parts = [body, signature] };
    }

    /// <summary>A key with a beginning of its issuer's.</summary>
    public static Canary Issued(string start, int length) => Random(length - 1) is var random ? new("cloud key", $"{start}{random}7") { Parts = [random] } : throw new InvalidOperationException();

    /// <summary>True where the bytes hold it in any spelling: as text, in UTF-16, in JSON, in an address, in Base64 at any place.</summary>
    public bool IsIn(byte[] bytes) => Spellings.Any(spelling => bytes.AsSpan().IndexOf(spelling) >= 0);

    /// <summary>What stands around it, to see where it came from.</summary>
    public string Around(byte[] bytes)
    {
        var at = Spellings.Select(spelling => bytes.AsSpan().IndexOf(spelling)).First(found => found >= 0);
        return Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, at - 120))[..Math.Min(300, bytes.Length - Math.Max(0, at - 120))]);
    }

    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    private IReadOnlyList<byte[]> Spellings => field ??=
    [
        .. from part in Parts
           from spelling in (string[])[part, Json(part, JavaScriptEncoder.Default), Json(part, JavaScriptEncoder.UnsafeRelaxedJsonEscaping), Json(Json(part, JavaScriptEncoder.Default), JavaScriptEncoder.UnsafeRelaxedJsonEscaping), Uri.EscapeDataString(part), .. InBase64(part)]
           from encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode]
           select encoding.GetBytes(spelling),
    ];

    private static string Json(string text, JavaScriptEncoder encoder) => JsonEncodedText.Encode(text, encoder).Value;

    private static IEnumerable<string> InBase64(string text)
    {
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(text)]);
            yield return whole[(before == 0 ? 0 : 4)..^4];
        }
    }
}
