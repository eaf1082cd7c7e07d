using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Guard;

/// <summary><c>policy.json</c> as the operator writes it; its schema is published in manifests/policy.schema.json.</summary>
internal sealed record PolicyFile
{
    /// <summary>What is allowed at most; guarded where nothing is said. Options and environment can only tighten it.</summary>
    [AllowedValues("read-only", "guarded", "unattended")] public string? Mode { get; init; }

    /// <summary>Only these tools.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Never these tools.</summary>
    public IReadOnlyList<string>? Deny { get; init; }

    /// <summary>Names or labels of what must not be deleted; * stands for anything.</summary>
    public IReadOnlyList<string>? Protected { get; init; }

    /// <summary>Only what lies in these workspaces is reached: ids, or names that the operator gave.</summary>
    public IReadOnlyList<string>? Workspaces { get; init; }

    /// <summary>Only places that one of these describes are used, whoever approves.</summary>
    public IReadOnlyList<PlaceRule>? Egress { get; init; }

    /// <summary>What it says.</summary>
    /// <exception cref="JsonException">It is not understood.</exception>
    public static PolicyFile Parse(string text)
    {
        var file = JsonSerializer.Deserialize(text, PolicyFileJson.Default.PolicyFile) ?? throw new JsonException("it is null");
        foreach (var (name, words) in new[] { ("allow", file.Allow), ("deny", file.Deny), ("protected", file.Protected), ("workspaces", file.Workspaces) })
        {
            if (words?.Any(string.IsNullOrWhiteSpace) == true)
                throw new JsonException($"{name} holds something that is no name");
        }

        foreach (var rule in file.Egress ?? [])
        {
            if (rule is null || string.IsNullOrWhiteSpace(rule.Connector) || rule.Where?.Any(pair => pair.Key.Length == 0 || string.IsNullOrEmpty(pair.Value)) == true)
                throw new JsonException("a rule of egress names a connector and, in where, values of its properties");
            if (rule.Where?.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < rule.Where?.Count)
                throw new JsonException("where of a rule of egress names a property twice; their case does not count");
            if (rule.Access is not (null or PlaceRule.Read or PlaceRule.ReadWrite))
                throw new JsonException($"access is {PlaceRule.Read} or {PlaceRule.ReadWrite}, not \"{rule.Access}\"");
        }

        return file;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PolicyFile))]
internal sealed partial class PolicyFileJson : JsonSerializerContext;
