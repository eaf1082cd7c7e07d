using System.Globalization;

namespace SyncMcp.Engine.Api;

/// <summary>The state of a thing as a number that grows with each change of its definition (never with its run or test state).</summary>
internal static class ETag
{
    /// <summary>The tag of a version.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    /// <summary>True where an If-Match header (absent, <c>*</c>, or a list of tags) admits the version.</summary>
    public static bool Admits(string? ifMatch, long version)
    {
        if (ifMatch is null)
            return true;
        var tag = Of(version);
        foreach (var part in ifMatch.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "*" || part == tag)
                return true;
        }

        return false;
    }
}
