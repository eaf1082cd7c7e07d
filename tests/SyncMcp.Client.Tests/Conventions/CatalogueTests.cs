using System.Reflection;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Client.Tests.Conventions;

/// <summary>The catalogue is what endpoints.tsv, the list of the vendor's operations, says; and each operation has a client method.</summary>
public sealed class CatalogueTests
{
    private static readonly string[] Built = ["connections", "events", "jobs", "pipelines", "transformations", "users", "workspaces"];

    [Fact]
    public void Names_verbs_routes_kinds_and_tiers_of_the_built_areas_are_those_of_the_list()
    {
        var listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "endpoints.tsv")).Skip(1).Select(line => line.Split('\t'))
            .Where(row => Built.Contains(row[1])).Select(row => $"{row[1]} {row[0]} {row[3]} {row[4]} {row[5]} {row[6]}");
        var declared = Catalogue.Areas.SelectMany(area => area.Endpoints.Where(endpoint => !endpoint.Extension)
            .Select(endpoint => $"{area.Name} {endpoint.Name} {endpoint.Method} {endpoint.Route} {endpoint.Kind} {endpoint.Tier.Letter()}"));
        Assert.Equal(listed.Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Extensions_stand_outside_the_list() =>
        Assert.Equal(
            ["count_table_rows", "get_pipeline_run_log", "get_run_log", "get_transformation_run_log"],
            Catalogue.All.Where(endpoint => endpoint.Extension).Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void What_changes_a_thing_names_the_read_of_it() =>
        Assert.All(Catalogue.All.Where(endpoint => endpoint.Kind is Kind.Update or Kind.Delete or Kind.Move or Kind.Cancel or Kind.Execute or Kind.Reset or Kind.Test),
            endpoint => Assert.Equal(HttpMethod.Get, endpoint.Target?.Method));

    [Fact]
    public void A_cancel_names_the_read_of_the_run_that_is_going() =>
        Assert.All(Catalogue.All.Where(endpoint => endpoint.Kind == Kind.Cancel), endpoint => Assert.EndsWith("/status", endpoint.Running?.Route));

    [Fact]
    public void Every_member_of_a_route_is_a_member_of_the_request() =>
        Assert.All(Catalogue.All, endpoint => Assert.Subset(endpoint.RequestInfo.Properties.Select(property => property.Name).ToHashSet(), endpoint.PathMembers.ToHashSet()));

    [Theory]
    [InlineData(typeof(WorkspaceEndpoints), typeof(WorkspaceClient))]
    [InlineData(typeof(ConnectionEndpoints), typeof(ConnectionClient))]
    [InlineData(typeof(JobEndpoints), typeof(JobClient))]
    [InlineData(typeof(TransformationEndpoints), typeof(TransformationClient))]
    [InlineData(typeof(PipelineEndpoints), typeof(PipelineClient))]
    [InlineData(typeof(EventEndpoints), typeof(EventClient))]
    [InlineData(typeof(UserEndpoints), typeof(UserClient))]
    public void Every_operation_has_a_client_method_of_one_expression(Type endpoints, Type client)
    {
        var fields = endpoints.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name + "Async").Order();
        var methods = client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        Assert.Equal(fields, methods.Select(method => method.Name).Order());
        // One call of SendAsync and no state machine of its own.
        Assert.All(methods, method => Assert.Empty(method.GetCustomAttributes<System.Runtime.CompilerServices.AsyncStateMachineAttribute>()));
    }
}
