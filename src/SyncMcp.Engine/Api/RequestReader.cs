using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using SyncMcp.Client;

using Endpoint = SyncMcp.Client.Endpoint;

namespace SyncMcp.Engine.Api;

/// <summary>Makes the one request record from path, query and body.</summary>
internal static class RequestReader
{
    /// <summary>Bytes that a body may have.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of a larger body that are read and thrown away, so that its sender hears the refusal; beyond, the connection is cut.</summary>
    public const int MostDrained = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The segments of the path below the base, each decoded by itself; null where the path is not below it.</summary>
    public static IReadOnlyList<string>? Segments(string rawTarget, string basePath)
    {
        // An absolute target (from a proxy) has its path after the authority.
        var start = rawTarget.StartsWith('/') ? 0 : rawTarget.IndexOf('/', rawTarget.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme ? scheme + 3 : 0);
        if (start < 0)
            return null;
        var end = rawTarget.IndexOf('?', start);
        var path = (end < 0 ? rawTarget[start..] : rawTarget[start..end]).TrimEnd('/');
        if (!path.StartsWith(basePath + "/", StringComparison.OrdinalIgnoreCase))
            return null;
        return [.. path[(basePath.Length + 1)..].Split('/').Select(Uri.UnescapeDataString)];
    }

    /// <summary>The body's members; none for an empty body.</summary>
    public static async Task<JsonObject> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        using var bytes = await ReadAsync(request, ct);
        if (bytes.Length == 0)
            return [];
        try
        {
            bytes.Position = 0;
            return await JsonNode.ParseAsync(bytes, documentOptions: Strict, cancellationToken: ct) as JsonObject
                ?? throw ApiException.Invalid("The body must be a JSON object.", "invalid_json");
        }
        catch (JsonException e)
        {
            throw new ApiException(400, "invalid_json", $"The body is not valid JSON: {ApiException.Quote(e.Message)}", e);
        }
    }

    private static async Task<MemoryStream> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var total = 0L;
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if ((total += read) <= MostBytes)
                bytes.Write(buffer, 0, read);
        }

        return total <= MostBytes ? bytes : throw new ApiException(413, "too_large", $"The body is larger than {MostBytes / 1024 / 1024} MiB.");
    }

    /// <summary>The checked members of the body and the record made from all members.</summary>
    public static (JsonObject Body, object Request) Read(Endpoint endpoint, RouteMatch match, JsonObject body, IQueryCollection query)
    {
        var info = endpoint.RequestInfo;
        foreach (var name in match.Path.Keys)
        {
            if (body.ContainsKey(name))
                throw ApiException.Invalid($"`{name}` stands in the path, not in the body.", "unknown_member");
        }

        var checkedBody = MemberCheck.Check(info, body, nulls: typeof(IPatch).IsAssignableFrom(info.Type));
        var others = new JsonObject();
        foreach (var (name, value) in match.Path)
            others[name] = value;
        if (!endpoint.HasBody)
            AddQuery(info, query, others);
        var members = MemberCheck.Check(info, others);
        foreach (var (name, value) in checkedBody)
            members[name] = value?.DeepClone();
        MemberCheck.RequireAll(info, members);

        var request = endpoint.Read(members);
        if (request is IPaged paged)
        {
            MemberLimits.CheckRange(paged.Limit ?? 1, 1, Paging.Most, "limit");
            MemberLimits.CheckRange(paged.Offset ?? 0, 0, int.MaxValue, "offset");
        }

        return (checkedBody, request);
    }

    // Unknown parameters are ignored (sync-api-v2 1.4); known ones hold text, which is read as what the member is.
    private static void AddQuery(JsonTypeInfo info, IQueryCollection query, JsonObject members)
    {
        foreach (var property in info.Properties)
        {
            if (members.ContainsKey(property.Name) || !query.TryGetValue(property.Name, out var values) || values is not [.., { } text])
                continue;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (type == typeof(bool) && bool.TryParse(text, out var truth))
                members[property.Name] = truth;
            else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                members[property.Name] = number;
            else
                members[property.Name] = text;
        }
    }
}
