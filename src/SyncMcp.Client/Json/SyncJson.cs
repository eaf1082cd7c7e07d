using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Client.Json;

/// <summary>How the API's JSON is written and read: snake_case, nulls left out, ids and numbers read tolerantly.</summary>
public static class SyncJson
{
    /// <summary>The one set of options; contracts come from source generation only, one context per area.</summary>
    public static JsonSerializerOptions Options { get; } = Build();

    /// <summary>The contract of <typeparamref name="T"/>.</summary>
    public static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Build()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            PropertyNameCaseInsensitive = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            // Answers go to models and shells, never into HTML: escaping quotes and unicode only costs tokens.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(
                SharedJson.Default, WorkspaceJson.Default, ConnectionJson.Default, JobJson.Default, TransformationJson.Default, PipelineJson.Default, EventJson.Default, UserJson.Default),
        };
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new ReferenceConverter());
        options.MakeReadOnly();
        return options;
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Reference))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SharedJson : JsonSerializerContext;
