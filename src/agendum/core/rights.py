"""The rights of a membership: every name of the contract, where it stands, what it holds, the presets.

A membership keeps them as one flat object {name: value}. A name may stand in several sections with one value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["allow", "narrow", "days", "id", "ids"]
"""`allow`: true gives. `narrow`: true takes away from what another right gives. `days`: so many past days,
-1 all of them. `id`: only what belongs to this one, 0 all. `ids`: only these, [] all."""

FULL: dict[Kind, Any] = {"allow": True, "narrow": False, "days": -1, "id": 0, "ids": []}
NONE: dict[Kind, Any] = {"allow": False, "narrow": False, "days": 0, "id": 0, "ids": []}

# By section; "" is shown beside the sections.
_NAMES = {
    "timetable": """
        timetable_access master_id position_id last_days_count schedule_edit_access
        timetable_phones_access timetable_transferring_record_access timetable_statistics_access
        timetable_waiting_list_access
    """,
    "record_form": """
        record_form_access record_form_client_access records_autocomplete_access create_records_access
        edit_records_access edit_records_attendance_access records_services_cost_access
        records_services_discount_access record_edit_full_paid_access delete_records_access
        delete_customer_came_records_access delete_paid_records_access records_goods_access
        records_goods_create_transaction_access records_goods_create_last_days_count
        records_goods_edit_transaction_access records_goods_edit_last_days_count records_goods_cost_access
        records_goods_discount_access records_finances_access records_finances_last_days_count
        records_finances_pay_from_deposits_access records_group_id_access records_group_id
        record_form_client_add_access records_autocomplete_phone_access assistants_management_access
        assistants_reward_share_edit_access records_edit_last_days_count
        records_edit_date_and_master_access records_edit_duration_access records_edit_comment_access
        records_edit_services_access records_consumables_edit_access
        record_edit_full_paid_client_came_access record_edit_full_paid_client_confirm_access
        custom_fields_client_values_read_access custom_fields_client_values_edit_access
        custom_fields_record_values_read_access custom_fields_record_values_edit_access
    """,
    "finances": """
        finances_access finances_accounts_ids finances_transactions_access finances_last_days_count
        finances_create_transactions_access finances_create_last_days_count
        finances_edit_transactions_access finances_edit_last_days_count
        finances_delete_transactions_access finances_transactions_excel_access finances_expenses_ids
        finances_accounts_access finances_accounts_limited_access finances_accounts_banalce_access
        finances_suppliers_read_access finances_suppliers_create_access finances_suppliers_update_access
        finances_suppliers_delete_access finances_suppliers_excel_access finances_expenses_read_access
        expenses_read_access finances_expenses_create_access expenses_create_access
        finances_expenses_update_access expenses_update_access finances_expenses_delete_access
        expenses_delete_access finances_kkm_transactions_access kkm_transactions_accounts_access
        finances_kkm_settings_read_access kkm_settings_reed_access finances_kkm_settings_update_access
        kkm_settings_update_access finances_settings_invoicing_read_access
        finances_settings_invoicing_update_access settings_invoicing_read_access
        settings_invoicing_update_access finances_options_read_access options_read_access
        finances_options_update_access options_update_access finances_salary_schemes_access
        finances_salary_calc_access finances_salary_not_limitation_today_access
        finances_payroll_calculation_create_access
        finances_payroll_calculation_create_not_limitation_today_access
        finances_salary_access_master_checkbox finances_salary_access_master_id
        get_salary_access_master_id finances_salary_master_not_limitation_today_access
        finances_payroll_calculation_create_by_master_access
        calculation_create_by_master_not_limitation_today_access finances_period_report_access
        finances_period_report_excel_access finances_year_report_access finances_year_report_excel_access
        finances_print_check_access finances_z_report_access finances_z_report_no_limit_today_access
        finances_z_report_excel_access
    """,
    "clients": """
        clients_access client_phones_access clients_phones_email_access clients_card_phone_access
        clients_delete_access clients_excel_access excel_access client_comments_list_access
        client_comments_add_access client_comments_own_edit_access client_comments_other_edit_access
        client_files_list_access client_files_upload_access client_files_delete_access
        clients_visit_master_id get_visit_master_id clients_phones_access clients_edit_access
        clients_deposits_access clients_deposits_create_access clients_deposits_history_access
        clients_deposits_topup_access clients_loyalty_read_access clients_loyalty_settings_access
        clients_card_comment_access clients_card_comment_edit_access clients_surname_middle_name_access
        clients_surname_patronymic_access clients_surname_middle_name_edit_access
        clients_surname_patronymic_edit_access clients_show_attendance_history_access
    """,
    "dashboard": """
        dashboard_access dash_access dash_phones_access dash_records_access dash_records_last_days_count
        dash_records_excel_access dash_records_phones_access dash_message_access dash_message_excel_access
        dash_message_phones_access dash_reviews_access dash_reviews_delete_access dashboard_calls_access
        dashboard_calls_excel_access dashboard_calls_phones_access security_access security_2fa_access
        security_data_changes_access security_employee_changes_access security_export_import_access
        security_logins_access
    """,
    "notification": """
        notification web_push web_phone_push notification_sms_ending_license notification_sms_low_balance
        notification_email_ending_license
    """,
    "loyalty": """
        loyalty_access has_loyalty_access loyalty_cards_manual_transactions_access
        has_loyalty_cards_manual_transactions_access
        loyalty_certificate_and_abonement_manual_transactions_access loyalty_abonement_balance_edit_access
        loyalty_abonement_history_access loyalty_abonement_period_edit_access
        loyalty_cards_issue_and_removal_access loyalty_certificate_balance_edit_access
        loyalty_certificate_period_edit_access
    """,
    "storages": """
        storages_access storages_ids storages_transactions_access storages_last_days_count
        storages_move_goods_access storages_create_transactions_access storages_create_last_days_count
        storages_create_transactions_buy_access storages_create_transactions_sale_access
        storages_edit_transactions_access storages_edit_last_days_count
        storages_edit_transactions_buy_access storages_edit_transactions_sale_access
        storages_delete_transactions_access storages_transactions_excel_access storages_transactions_types
        storages_inventory_access storages_inventory_create_edit_access storages_inventory_delete_access
        storages_inventory_excel_access storages_remnants_report_access
        storages_remnants_report_excel_access storages_sales_report_access
        storages_sales_report_excel_access storages_consumable_report_access
        storages_consumable_report_excel_access storages_write_off_report_access
        storages_write_off_report_excel_access storages_turnover_report_access
        storages_turnover_report_excel_access storages_goods_crud_access storages_goods_create_access
        storages_goods_update_access storages_goods_title_edit_access storages_goods_category_edit_access
        storages_goods_selling_price_edit_access storages_goods_cost_price_edit_access
        storages_goods_units_edit_access storages_goods_critical_balance_edit_access
        storages_goods_masses_edit_access storages_goods_comment_edit_access storages_goods_archive_access
        storages_goods_delete_access storages_limited_access storages_goods_prime_cost_view_access
    """,
    "settings": """
        settings_access settings_basis_access settings_information_access users_access delete_users_access
        create_users_access edit_users_access limited_users_access settings_services_access
        settings_services_create_access services_edit settings_services_edit_title_access
        settings_services_relation_category_access settings_services_edit_price_access
        settings_services_edit_image_access settings_services_edit_online_seance_date_time_access
        settings_services_edit_online_pay_access settings_services_edit_services_related_resource_access
        settings_positions_read settings_positions_create settings_positions_delete
        edit_master_service_and_duration tech_card_edit services_delete settings_master_access
        master_create master_edit master_delete settings_master_dismiss_access schedule_edit
        settings_notifications_access settings_email_notifications_access
        settings_template_notifications_access webhook_read_access settings_clients_labels_access
        settings_close_docs_access settings_user_notifications_access is_salon_tips_manager
    """,
    "security": """
        security_access security_2fa_access security_data_changes_access security_employee_changes_access
        security_export_import_access security_logins_access
    """,
    "comers": """
        comers_access comers_info_vehicle_view_access comers_info_vehicle_edit_access
    """,
    "other": """
        stat_access analytics_constructor_access billing_access billing_invoices_access send_sms
        auth_enable_check_ip auth_list_allowed_ip salon_to_salon_group_add_access is_salon_tips_manager
    """,
    "online_record": """
        online_record_access online_record_privacy_policy_access
    """,
    "": """
        security_access security_2fa_access security_data_changes_access security_employee_changes_access
        security_export_import_access security_logins_access
    """,
}

# Everything else allows.
_OTHER_KINDS: dict[Kind, str] = {
    "narrow": """
        finances_accounts_limited_access finances_salary_access_master_checkbox
        finances_payroll_calculation_create_by_master_access storages_limited_access limited_users_access
        auth_enable_check_ip
    """,
    "days": """
        records_goods_create_last_days_count records_goods_edit_last_days_count
        records_finances_last_days_count records_edit_last_days_count finances_last_days_count
        finances_create_last_days_count finances_edit_last_days_count dash_records_last_days_count
        storages_last_days_count storages_create_last_days_count storages_edit_last_days_count
    """,
    # The log's own limit of days counts from 0 = all, as ids do.
    "id": """
        master_id position_id last_days_count records_group_id finances_salary_access_master_id
        get_salary_access_master_id clients_visit_master_id get_visit_master_id
    """,
    "ids": """
        finances_accounts_ids finances_expenses_ids storages_ids storages_transactions_types
        auth_list_allowed_ip
    """,
}

SECTIONS: dict[str, tuple[str, ...]] = {section: tuple(names.split()) for section, names in _NAMES.items()}
"""The names of each section, in the contract's order."""

_others: dict[str, Kind] = {name: kind for kind, names in _OTHER_KINDS.items() for name in names.split()}

KINDS: Mapping[str, Kind] = {name: _others.get(name, "allow") for names in SECTIONS.values() for name in names}
"""What each right holds, by name."""

_ADMINISTRATOR = frozenset(
    """
    timetable_access schedule_edit_access timetable_phones_access timetable_transferring_record_access
    timetable_waiting_list_access record_form_access record_form_client_access records_autocomplete_access
    create_records_access edit_records_access edit_records_attendance_access
    records_services_discount_access delete_records_access record_form_client_add_access
    records_autocomplete_phone_access records_edit_date_and_master_access records_edit_duration_access
    records_edit_comment_access records_edit_services_access records_finances_access
    custom_fields_client_values_read_access custom_fields_client_values_edit_access
    custom_fields_record_values_read_access custom_fields_record_values_edit_access clients_access
    client_phones_access clients_phones_access clients_phones_email_access clients_card_phone_access
    clients_edit_access client_comments_list_access client_comments_add_access
    client_comments_own_edit_access clients_card_comment_access clients_card_comment_edit_access
    clients_surname_middle_name_access clients_surname_middle_name_edit_access
    clients_surname_patronymic_access clients_surname_patronymic_edit_access
    clients_show_attendance_history_access dashboard_access dash_access dash_phones_access
    dash_records_access dash_records_phones_access dash_message_access dash_message_phones_access
    dash_reviews_access notification web_push web_phone_push settings_positions_read
    settings_services_access settings_master_access send_sms
    """.split()  # noqa: SIM905
)
_TEAM_MEMBER = frozenset(
    """
    timetable_access timetable_phones_access record_form_access record_form_client_access
    records_autocomplete_access create_records_access edit_records_access edit_records_attendance_access
    records_edit_comment_access custom_fields_client_values_read_access
    custom_fields_record_values_read_access clients_access client_comments_list_access
    client_comments_add_access client_comments_own_edit_access clients_card_comment_access
    clients_surname_middle_name_access clients_surname_patronymic_access
    clients_show_attendance_history_access notification web_push
    """.split()  # noqa: SIM905
)
# Whose the calendar and the clients are that a team member sees.
_OWN = ("master_id", "clients_visit_master_id", "get_visit_master_id")


def owner_rights(chain_id: int) -> dict[str, Any]:
    """Everything, without limits, and the clients of the whole chain."""
    return {name: FULL[kind] for name, kind in KINDS.items()} | {"records_group_id": chain_id}


def administrator_rights() -> dict[str, Any]:
    """The front desk: calendar and clients of everybody, a month back; no money, no stock, no settings."""
    return _only(_ADMINISTRATOR) | {"records_edit_last_days_count": 30, "dash_records_last_days_count": -1}


def team_member_rights(team_member_id: int) -> dict[str, Any]:
    """The own calendar and the own clients, a week back."""
    own = dict.fromkeys(_OWN, team_member_id)
    return _only(_TEAM_MEMBER) | own | {"records_edit_last_days_count": 7}


def _only(names: frozenset[str]) -> dict[str, Any]:
    return {name: (FULL if name in names else NONE)[kind] for name, kind in KINDS.items()}
