using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client.Json;

namespace SyncMcp.Client;

/// <summary>
/// One REST operation, declared once. The client's call, the engine's route, the MCP tool, its guard tier, its retry policy and its line in
/// the docs all come from this value.
/// </summary>
public abstract class Endpoint
{
    private readonly Lazy<JsonTypeInfo> requestInfo;
    private readonly Lazy<JsonTypeInfo> responseInfo;

    private protected Endpoint(HttpMethod method, Operation operation, Type request, Type response)
    {
        Method = method;
        (Name, Route, Kind, Tier, Description) = operation;
        PathMembers = RouteTemplate.Members(Route);
        requestInfo = new(() => SyncJson.Options.GetTypeInfo(request));
        responseInfo = new(() => SyncJson.Options.GetTypeInfo(response));
    }

    /// <summary>Name of the operation and of its MCP tool, for example <c>execute_job</c>.</summary>
    public string Name { get; }

    /// <summary>The HTTP verb.</summary>
    public HttpMethod Method { get; }

    /// <summary>Route below <c>/api.rsc/v2</c> with <c>{members}</c> of the request in snake_case.</summary>
    public string Route { get; }

    /// <summary>What kind of operation it is; decides hints, retries and timeouts.</summary>
    public Kind Kind { get; }

    /// <summary>What the guard asks for at least.</summary>
    public Tier Tier { get; }

    /// <summary>What it does and returns, in words for a model and for the docs.</summary>
    public string Description { get; }

    /// <summary>The operation that reads the thing this one changes; null for reads and creates.</summary>
    public Endpoint? Target { get; init; }

    /// <summary>For one that stops a run: the operation that reads which run is going; else null.</summary>
    public Endpoint? Running { get; init; }

    /// <summary>For one that starts a run: the operation that lists the runs; else null.</summary>
    public Endpoint? Runs { get; init; }

    /// <summary>Other names that it answers to: former ones, and those that models guess. They are never listed.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>True for an operation that only the embedded engine has (outside the vendor's 77).</summary>
    public bool Extension { get; init; }

    /// <summary>True where the server has to reach a source or destination before it can answer, so that it gets the long timeout.</summary>
    public bool ReachesData { get; init; }

    /// <summary>Names (snake_case) of the request's members that the route holds.</summary>
    public IReadOnlyList<string> PathMembers { get; }

    /// <summary>Contract of the request record.</summary>
    public JsonTypeInfo RequestInfo => requestInfo.Value;

    /// <summary>Contract of the response.</summary>
    public JsonTypeInfo ResponseInfo => responseInfo.Value;

    /// <summary>True where the answer is a list.</summary>
    public abstract bool IsList { get; }

    /// <summary>True where members beside the path travel in the body, else in the query.</summary>
    public bool HasBody => Method == HttpMethod.Post || Method == HttpMethod.Put;

    /// <summary>The request record as one JSON object: path, query and body members together; cleared members as null.</summary>
    public JsonObject Write(object request) => RequestJson.Write(this, request);

    /// <summary>The request record from one JSON object; an explicit null of an update is remembered in <see cref="IPatch.Clear"/>.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member is missing or of the wrong type.</exception>
    public object Read(JsonObject members) => RequestJson.Read(this, members);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Declares a GET.</summary>
    public static Endpoint<TRequest, TResponse> Get<TRequest, TResponse>(
        string name, string route, Kind kind, Tier tier, string description, Endpoint? target = null, bool reachesData = false, bool extension = false)
        where TRequest : class => new(HttpMethod.Get, new(name, route, kind, tier, description)) { Target = target, ReachesData = reachesData, Extension = extension };

    /// <summary>Declares a POST.</summary>
    public static Endpoint<TRequest, TResponse> Post<TRequest, TResponse>(
        string name, string route, Kind kind, Tier tier, string description, Endpoint? target = null, bool reachesData = false, bool extension = false, Endpoint? running = null, Endpoint? runs = null, IReadOnlyList<string>? aliases = null)
        where TRequest : class => new(HttpMethod.Post, new(name, route, kind, tier, description)) { Target = target, ReachesData = reachesData, Extension = extension, Running = running, Runs = runs, Aliases = aliases ?? [] };

    /// <summary>Declares a PUT.</summary>
    public static Endpoint<TRequest, TResponse> Put<TRequest, TResponse>(
        string name, string route, Kind kind, Tier tier, string description, Endpoint? target = null, bool reachesData = false, bool extension = false)
        where TRequest : class => new(HttpMethod.Put, new(name, route, kind, tier, description)) { Target = target, ReachesData = reachesData, Extension = extension };

    /// <summary>Declares a DELETE.</summary>
    public static Endpoint<TRequest, Nothing> Delete<TRequest>(string name, string route, Kind kind, Tier tier, string description, Endpoint? target = null)
        where TRequest : class => new(HttpMethod.Delete, new(name, route, kind, tier, description)) { Target = target };

    internal sealed record Operation(string Name, string Route, Kind Kind, Tier Tier, string Description);
}

/// <summary>An operation with the types of its request and response.</summary>
/// <typeparam name="TRequest">One record that holds path, query and body members.</typeparam>
/// <typeparam name="TResponse">What the server answers; <see cref="Nothing"/> where it answers nothing.</typeparam>
public sealed class Endpoint<TRequest, TResponse> : Endpoint
    where TRequest : class
{
    internal Endpoint(HttpMethod method, Operation operation)
        : base(method, operation, typeof(TRequest), typeof(TResponse))
    {
    }

    /// <inheritdoc/>
    public override bool IsList { get; } = typeof(TResponse).IsGenericType && typeof(TResponse).GetGenericTypeDefinition() == typeof(Listing<>);
}
