using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tools;

/// <summary>
/// A tool that is not one operation of the catalogue: it reads or does several. It passes the same filters; what they need to know of it stands here.
/// Adding one is a class with its <c>Tool</c>, its request record and its work (see <see cref="GetDependents"/>), and a line in <see cref="OwnTools.All"/>.
/// </summary>
internal sealed class OwnTool
{
    private readonly Func<Workbench, object, CancellationToken, Task<ToolAnswer>> work;
    private readonly Lazy<JsonTypeInfo> requestInfo;
    private IReadOnlyList<NameMark>? marks;

    // Contracts are made at the first call: the start lists names.
    private OwnTool(Func<JsonTypeInfo> request, Func<Workbench, object, CancellationToken, Task<ToolAnswer>> work)
    {
        requestInfo = new(request);
        this.work = work;
    }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The toolset that it is offered with.</summary>
    public required string Toolset { get; init; }

    /// <summary>What it does and returns.</summary>
    public required string Description { get; init; }

    /// <summary>What kind of thing it does; decides hints and control arguments as it does for an operation.</summary>
    public Kind Kind { get; private init; }

    /// <summary>What the guard asks for at least.</summary>
    public Tier Tier { get; private init; }

    /// <summary>It answers items, not one thing.</summary>
    public bool IsList { get; private init; }

    /// <summary>Its answer holds words of ours alone, and has its shape already.</summary>
    public bool IsShaped { get; private init; }

    /// <summary>Contract of its arguments; the published schema is made of it.</summary>
    public JsonTypeInfo RequestInfo => requestInfo.Value;

    /// <summary>Its arguments that take names where ids are meant.</summary>
    public IReadOnlyList<NameMark> Marks => marks ??= NameMark.Of(RequestInfo, path: []);

    /// <summary>Declares a tool that reads and answers one thing.</summary>
    public static OwnTool Read<TRequest>(string name, string toolset, string description, Func<JsonTypeInfo<TRequest>> request, Func<Workbench, TRequest, CancellationToken, Task<JsonObject>> work)
        where TRequest : class => new(request, async (bench, asked, ct) => new() { Body = await work(bench, (TRequest)asked, ct) }) { Name = name, Toolset = toolset, Description = description };

    /// <summary>Declares a tool that reads and answers a list: all of it as <c>{"value":[…]}</c>, which is paged on the way out; members beside it stay beside the items.</summary>
    public static OwnTool List<TRequest>(string name, string toolset, string description, Func<JsonTypeInfo<TRequest>> request, Func<Workbench, TRequest, CancellationToken, Task<JsonObject>> work, bool shaped = false)
        where TRequest : class => new(request, async (bench, asked, ct) => new() { Body = await work(bench, (TRequest)asked, ct) }) { Name = name, Toolset = toolset, Description = description, IsList = true, IsShaped = shaped };

    /// <summary>Declares a tool that changes something, by operations that it hands to the guard (<see cref="Workbench.SendAsync"/>); each has its own tier, which the answer's outcome follows.</summary>
    public static OwnTool Change<TRequest>(string name, string toolset, string description, Func<JsonTypeInfo<TRequest>> request, Func<Workbench, TRequest, CancellationToken, Task<ToolAnswer>> work, Kind kind = Kind.Update)
        where TRequest : class => new(request, (bench, asked, ct) => work(bench, (TRequest)asked, ct)) { Name = name, Toolset = toolset, Description = description, Kind = kind, Tier = Tier.RunsOrArms };

    /// <summary>The same with a contract that is made already.</summary>
    public static OwnTool Read<TRequest>(string name, string toolset, string description, JsonTypeInfo<TRequest> request, Func<Workbench, TRequest, CancellationToken, Task<JsonObject>> work)
        where TRequest : class => Read(name, toolset, description, () => request, work);

    /// <summary>The same with a contract that is made already.</summary>
    public static OwnTool List<TRequest>(string name, string toolset, string description, JsonTypeInfo<TRequest> request, Func<Workbench, TRequest, CancellationToken, Task<JsonObject>> work, bool shaped = false)
        where TRequest : class => List(name, toolset, description, () => request, work, shaped);

    /// <summary>The same with a contract that is made already.</summary>
    public static OwnTool Change<TRequest>(string name, string toolset, string description, JsonTypeInfo<TRequest> request, Func<Workbench, TRequest, CancellationToken, Task<ToolAnswer>> work, Kind kind = Kind.Update)
        where TRequest : class => Change(name, toolset, description, () => request, work, kind);

    /// <summary>Declares a tool that stands for the operation that it names: the call is that operation's before any filter sees it.</summary>
    public static OwnTool Calling(string name, string toolset, Kind kind, string description, Func<JsonTypeInfo> request) =>
        new(request, (_, _, _) => throw new System.Diagnostics.UnreachableException(name)) { Name = name, Toolset = toolset, Kind = kind, Description = description, IsShaped = true };

    /// <summary>The record that its work receives.</summary>
    public object Parse(JsonObject arguments) => arguments.Deserialize(RequestInfo)!;

    /// <summary>Does its work.</summary>
    public async ValueTask<ToolAnswer> ExecuteAsync(Call call, Workbench bench, CancellationToken ct) => await work(bench, call.Request!, ct);
}
