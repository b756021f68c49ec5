"""The addresses of customers' pages and of the parts of their panel."""

from __future__ import annotations

from django.urls import path

from . import details, exporting, facts, importing, links, listing, merging, panel, views

urlpatterns = [
    path("customers", listing.customers, name="customers"),
    path("customers/export", exporting.export, name="customers_export"),
    path("customers/views", views.kept, name="customer_views"),
    path("customers/views/<int:view_id>/removal", views.removal, name="customer_view_removal"),
    path("customers/imports", importing.imports, name="customer_imports"),
    path("customers/imports/<int:import_id>", importing.one, name="customer_import"),
    path("customers/imports/<int:import_id>/progress", importing.progress, name="customer_import_progress"),
    path("customers/imports/<int:import_id>/errors", importing.errors, name="customer_import_errors"),
    path("customers/merges/<int:merge_id>", merging.merge, name="customer_merge"),
    path("customers/<int:customer_id>", listing.customer, name="customer"),
    path("customers/<int:customer_id>/panel", panel.panel, name="customer_panel"),
    path("customers/<int:customer_id>/details", details.details, name="customer_details"),
    path("customers/<int:customer_id>/talk", details.talk, name="customer_talk"),
    path("customers/<int:customer_id>/unwillingness", details.unwillingness, name="customer_unwillingness"),
    path("customers/<int:customer_id>/addresses", facts.addresses, name="customer_addresses"),
    path("customers/<int:customer_id>/addresses/<int:address_id>", facts.address, name="customer_address"),
    path("customers/<int:customer_id>/attributes", facts.attributes, name="customer_attributes"),
    path("customers/<int:customer_id>/notes", facts.notes, name="customer_notes"),
    path("customers/<int:customer_id>/notes/<int:note_id>", facts.note, name="customer_note"),
    path("customers/<int:customer_id>/merges", merging.merges, name="customer_merges"),
    path("settings/links/", links.listed, name="settings_links"),
    path("settings/links/<int:link_id>/", links.edit, name="settings_link"),
    path("settings/links/<int:link_id>/removal", links.removal, name="settings_link_removal"),
]
